import type { Ask } from './questions.ts'
import type { Random } from './random.ts'
import type { Scene } from './scene.ts'
import type { Split } from './split.ts'
import type { Vocabulary } from './vocabulary.ts'

/** What a kind draws with. */
export interface Studio {
  random: Random
  split: Split
  vocabulary: Vocabulary
  /** The sample's next picture; call `begin` on it before drawing. */
  picture(): Scene
}

/** What a kind knows about what it drew. */
export interface Drawing {
  caption: string
  /** Lower-case words and names that are true of the picture. */
  facts: string[]
  /** All that can be asked; the writer chooses a few. */
  asks: Ask[]
}

/** Draws one sample of one kind. */
export type Kind = (studio: Studio) => Drawing
