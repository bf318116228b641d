import type { Split } from './split.ts'

/** How a desktop draws windows. */
export interface Theme {
  name: string
  titleHeight: number
  radius: number
  titleAlign: 'left' | 'centre'
  /** Where the title bar's paint comes from. */
  titlePaint: 'face' | 'shade' | 'colour'
  controls: 'flat' | 'circles' | 'round' | 'boxed'
  buttonRadius: number
  bevel: boolean
}

const TRAINING_THEMES: readonly Theme[] = [
  {
    name: 'flat',
    titleHeight: 22,
    radius: 0,
    titleAlign: 'left',
    titlePaint: 'colour',
    controls: 'flat',
    buttonRadius: 0,
    bevel: false,
  },
  {
    name: 'tiles',
    titleHeight: 21,
    radius: 0,
    titleAlign: 'left',
    titlePaint: 'face',
    controls: 'flat',
    buttonRadius: 0,
    bevel: false,
  },
  {
    name: 'rounded',
    titleHeight: 23,
    radius: 7,
    titleAlign: 'left',
    titlePaint: 'face',
    controls: 'flat',
    buttonRadius: 4,
    bevel: false,
  },
  {
    name: 'circles',
    titleHeight: 20,
    radius: 8,
    titleAlign: 'centre',
    titlePaint: 'shade',
    controls: 'circles',
    buttonRadius: 5,
    bevel: false,
  },
  {
    name: 'header',
    titleHeight: 26,
    radius: 9,
    titleAlign: 'centre',
    titlePaint: 'shade',
    controls: 'round',
    buttonRadius: 5,
    bevel: false,
  },
  {
    name: 'tinted',
    titleHeight: 24,
    radius: 5,
    titleAlign: 'left',
    titlePaint: 'colour',
    controls: 'round',
    buttonRadius: 3,
    bevel: false,
  },
]
const HELD_OUT_THEMES: readonly Theme[] = [
  {
    name: 'bevelled',
    titleHeight: 20,
    radius: 0,
    titleAlign: 'left',
    titlePaint: 'colour',
    controls: 'boxed',
    buttonRadius: 0,
    bevel: true,
  },
  {
    name: 'pills',
    titleHeight: 25,
    radius: 12,
    titleAlign: 'centre',
    titlePaint: 'face',
    controls: 'circles',
    buttonRadius: 10,
    bevel: false,
  },
]

/** The themes a split may use. */
export function windowThemes(split: Split): readonly Theme[] {
  return split === 'test' ? HELD_OUT_THEMES : TRAINING_THEMES
}
