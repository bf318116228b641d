import { GlobalFonts } from '@napi-rs/canvas'
import type { Random } from './random.ts'
import type { Split } from './split.ts'

/** Interface fonts of the training splits; all may be drawn freely, see Sources in README.md. */
const TRAINING_INTERFACE = [
  'DejaVu Sans',
  'Liberation Sans',
  'Open Sans',
  'Roboto',
  'Noto Sans',
  'Lato',
  'Inter',
  'Cantarell',
  'Carlito',
]
/** Also used where a single word or line is shown. */
const TRAINING_DISPLAY = [
  'Liberation Serif',
  'DejaVu Serif',
  'Noto Serif',
  'DejaVu Sans Mono',
  'Liberation Mono',
  'Fira Code',
  'Hack',
  'Caladea',
  'Quicksand',
  'Roboto Condensed',
]
const HELD_OUT_INTERFACE = ['Cabin', 'B612', 'Oxygen-Sans']
const HELD_OUT_DISPLAY = ['Roboto Slab', 'Vollkorn', 'JetBrains Mono', 'Comic Neue']

/** Debian packages that carry the fonts above. */
const PACKAGES =
  'fonts-dejavu fonts-liberation fonts-open-sans fonts-roboto-unhinted fonts-roboto-slab fonts-noto-core fonts-lato ' +
  'fonts-inter fonts-cantarell fonts-crosextra-carlito fonts-crosextra-caladea fonts-firacode fonts-hack ' +
  'fonts-quicksand fonts-cabin fonts-b612 fonts-oxygen fonts-vollkorn fonts-jetbrains-mono fonts-comic-neue'

/** Families a split may use. */
export function fontFamilies(split: Split): { interface: readonly string[]; display: readonly string[] } {
  return split === 'test'
    ? { interface: HELD_OUT_INTERFACE, display: [...HELD_OUT_INTERFACE, ...HELD_OUT_DISPLAY] }
    : { interface: TRAINING_INTERFACE, display: [...TRAINING_INTERFACE, ...TRAINING_DISPLAY] }
}

/** A font for window text. */
export function interfaceFont(random: Random, split: Split): string {
  return random.pick(fontFamilies(split).interface)
}

/** A font for a shown word or line: any of the split. */
export function displayFont(random: Random, split: Split): string {
  return random.pick(fontFamilies(split).display)
}

/**
 * Throws when a family is missing, since the canvas would silently draw another font and mix the splits.
 */
export function requireFonts(): void {
  const wanted = [...fontFamilies('train').display, ...fontFamilies('test').display]
  const missing = wanted.filter((family) => !GlobalFonts.has(family))
  if (missing.length > 0) {
    throw new Error(
      `These fonts are not installed: ${missing.join(', ')}. Install them (Debian: apt-get install ${PACKAGES}).`,
    )
  }
}
