import { ANY_WORDINGS } from './wordings/any.ts'
import { CHART_WORDINGS } from './wordings/chart.ts'
import { CLIP_WORDINGS } from './wordings/clip.ts'
import { COLLECTION_WORDINGS } from './wordings/collection.ts'
import { FORM_WORDINGS } from './wordings/form.ts'
import { SHAPE_WORDINGS } from './wordings/shape.ts'
import { SIGN_WORDINGS } from './wordings/sign.ts'
import { WINDOW_WORDINGS } from './wordings/window.ts'

/**
 * How people ask. `{x}`, `{y}` are slots filled by the renderer. At least six wordings a question, polite, plain and terse.
 */
export const WORDINGS = {
  ...WINDOW_WORDINGS,
  ...FORM_WORDINGS,
  ...COLLECTION_WORDINGS,
  ...CHART_WORDINGS,
  ...SHAPE_WORDINGS,
  ...SIGN_WORDINGS,
  ...CLIP_WORDINGS,
  ...ANY_WORDINGS,
} as const

export type Wording = keyof typeof WORDINGS
