import type { Random } from './random.ts'
import type { Split } from './split.ts'

/** Colour names used in answers. `grey` is also accepted as `gray`. */
export const COLOUR_NAMES = [
  'red',
  'green',
  'blue',
  'orange',
  'purple',
  'yellow',
  'black',
  'pink',
  'brown',
  'grey',
  'white',
] as const
export type ColourName = (typeof COLOUR_NAMES)[number]

/** Several shades a name, all of them far from the shades of other names. */
const TRAINING: Record<ColourName, readonly string[]> = {
  red: ['#d62728', '#e03131', '#c81e1e', '#f02d2d'],
  green: ['#2ca02c', '#2f9e44', '#1b8a3a', '#3cb44b'],
  blue: ['#1f5fd6', '#1c7ed6', '#2348c8', '#3b82f6'],
  orange: ['#ff7f0e', '#fb8500', '#f76707', '#ff922b'],
  purple: ['#8e44ad', '#7b2cbf', '#7048c8', '#9333ea'],
  yellow: ['#f1c40f', '#ffd60a', '#fcc419', '#f7e017'],
  black: ['#222222', '#111111', '#1a1a1a', '#000000'],
  pink: ['#ff69b4', '#f783ac', '#ff8fc7', '#f472b6'],
  brown: ['#8b5a2b', '#7f4f24', '#8d5524', '#6f4518'],
  grey: ['#888888', '#868e96', '#7d7d7d', '#999999'],
  white: ['#ffffff', '#fafafa', '#f8f9fa', '#fdfdfd'],
}

/** The palette no training picture uses. */
const HELD_OUT: Record<ColourName, string> = {
  red: '#e6194b',
  green: '#43a047',
  blue: '#3057e1',
  orange: '#f58231',
  purple: '#8a2be2',
  yellow: '#ffe119',
  black: '#181c20',
  pink: '#ff85c0',
  brown: '#9a6324',
  grey: '#8c8c8c',
  white: '#fcfcfc',
}

/** Paint for a colour name: a training shade, or the held-out palette in the test split. */
export function paint(random: Random, name: ColourName, split: Split): string {
  return split === 'test' ? HELD_OUT[name] : random.pick(TRAINING[name])
}

/** Every shade that training pictures use for named things. */
export function trainingShades(): string[] {
  return Object.values(TRAINING).flat()
}

/** Every shade of the held-out palette. */
export function heldOutShades(): string[] {
  return Object.values(HELD_OUT)
}

/** `count` different colour names that stand out from a light or dark ground. */
export function distinctColours(random: Random, count: number, darkGround: boolean): ColourName[] {
  const hidden: readonly ColourName[] = darkGround ? ['black', 'brown', 'grey'] : ['white', 'grey']
  return random.sample(
    COLOUR_NAMES.filter((name) => !hidden.includes(name)),
    count,
  )
}

/** Accepted spellings of a colour name. */
export function colourSpellings(name: ColourName): string[] {
  return name === 'grey' ? ['grey', 'gray'] : [name]
}

/** A pale ground of any hue. */
export function lightGround(random: Random): string {
  return random.chance(0.35)
    ? '#ffffff'
    : `hsl(${random.integer(0, 359)}, ${random.integer(0, 40)}%, ${random.integer(88, 98)}%)`
}

/** A deep ground of any hue. */
export function darkGround(random: Random): string {
  return `hsl(${random.integer(0, 359)}, ${random.integer(0, 40)}%, ${random.integer(8, 20)}%)`
}

/** Black or white, whichever is easier to read on the given `#rrggbb`. */
export function inkOn(hex: string): string {
  const value = Number.parseInt(hex.slice(1), 16)
  const luma = 0.299 * (value >> 16) + 0.587 * ((value >> 8) & 255) + 0.114 * (value & 255)
  return luma > 150 ? '#111111' : '#ffffff'
}
