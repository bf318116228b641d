import { KINDS } from './kinds.ts'
import { phraseSome, type Question } from './questions.ts'
import { Random } from './random.ts'
import { type Box, Scene, SIDE } from './scene.ts'
import type { Vocabulary } from './vocabulary.ts'

/** Most questions a training sample; the trainer takes some or all of them. */
const MOST_QUESTIONS = 7

/** A drawn sample: its scenes stay valid until the next sample is drawn with the same pool. */
export interface Sample {
  kind: string
  scenes: Scene[]
  text: string[]
  caption: string
  facts: string[]
  boxes: (Box & { picture?: number })[]
  questions: Question[]
}

/** Names of kinds, each as often as its weight; sample i is of kind schedule[i % length]. */
export function kindSchedule(seed: number, only?: readonly string[]): string[] {
  const names = Object.keys(KINDS).filter((name) => only === undefined || only.includes(name))
  const unknown = (only ?? []).filter((name) => KINDS[name] === undefined)
  if (unknown.length > 0)
    throw new Error(`There is no kind ${unknown.join(', ')}. Choose from ${Object.keys(KINDS).join(', ')}.`)
  return new Random(seed, 0x5ced).shuffle(names.flatMap((name) => Array<string>(KINDS[name]?.weight ?? 1).fill(name)))
}

/**
 * Draws sample `index` of a seed. The result depends on seed, index, kind, split and size alone.
 * @param pool scenes to reuse; grown as needed
 */
export function drawSample(
  kind: string,
  seed: number,
  index: number,
  vocabulary: Vocabulary,
  size: number,
  pool: Scene[],
): Sample {
  const draw = KINDS[kind]?.draw
  if (draw === undefined) throw new Error(`There is no kind "${kind}". Choose from ${Object.keys(KINDS).join(', ')}.`)
  const splitSeed = { train: 1, validation: 2, test: 3 }[vocabulary.split]
  const random = new Random(seed, splitSeed, index)
  // Larger pictures show larger desktops as often as larger pixels.
  const side = size > SIDE ? random.pick([SIDE, Math.round(SIDE * 1.3), Math.round(SIDE * 1.6)]) : SIDE
  let used = 0
  const picture = (): Scene => {
    const scene = pool[used] ?? new Scene(size)
    pool[used] = scene
    used++
    scene.begin('#ffffff', side)
    return scene
  }
  const { caption, facts, asks } = draw({ random, split: vocabulary.split, vocabulary, picture })
  const scenes = pool.slice(0, used)
  const text = scenes.flatMap((scene) => scene.readingOrder())
  const boxes = scenes.flatMap((scene, at) =>
    scene.placedBoxes().map((box) => (used === 1 ? box : { ...box, picture: at })),
  )
  return {
    kind,
    scenes,
    text,
    caption,
    facts: [...new Set(facts)],
    boxes,
    questions: phraseSome(random, asks, MOST_QUESTIONS),
  }
}
