import { createRequire } from 'node:module'
import { type Canvas, createCanvas } from '@napi-rs/canvas'
import { Resvg } from '@resvg/resvg-js'
import { indefinite } from './questions.ts'
import type { Split } from './split.ts'

const require = createRequire(import.meta.url)

interface IconifySet {
  icons: Record<string, { body: string; width?: number; height?: number; left?: number; top?: number }>
  aliases?: Record<string, { parent: string }>
  width?: number
  height?: number
}

const TRAINING_STYLES = ['noto', 'twemoji'] as const
const HELD_OUT_STYLE = 'fluent-emoji-flat'

/** Emoji styles a split may show. */
export function emojiStyles(split: Split): readonly string[] {
  return split === 'test' ? [HELD_OUT_STYLE] : TRAINING_STYLES
}

const GROUPS: Record<string, { answer: string; accepted: string[] }> = {
  'Animals & Nature': {
    answer: 'animals and nature',
    accepted: ['animals & nature', 'nature', 'animals', 'animal', 'plant', 'plants'],
  },
  'Food & Drink': { answer: 'food and drink', accepted: ['food & drink', 'food', 'drink', 'drinks'] },
  'Travel & Places': { answer: 'travel and places', accepted: ['travel & places', 'travel', 'places', 'place'] },
  Activities: { answer: 'activities', accepted: ['activity', 'sports', 'games'] },
  Objects: { answer: 'objects', accepted: ['object', 'things', 'thing'] },
}

/** Names that take no article. */
const UNCOUNTED = new Set(
  'bacon sushi rice butter salt coral popcorn broccoli garlic bread fog fire ice soap spaghetti dango custard candy corn wood thread yarn tennis baseball basketball volleyball softball bowling lacrosse badminton dna cooking camping construction'.split(
    ' ',
  ),
)

/** The name as it stands in a sentence, "a dog", "bacon". */
export function emojiPhrase(name: string): string {
  return UNCOUNTED.has(name) ? name : indefinite(name)
}

export interface Emoji {
  name: string
  /** Icon name in every set. */
  slug: string
  group: { answer: string; accepted: string[] }
}

const sets = new Map<string, IconifySet>()

function iconSet(name: string): IconifySet {
  let set = sets.get(name)
  if (set === undefined) {
    set = require(`@iconify-json/${name}/icons.json`) as IconifySet
    sets.set(name, set)
  }
  return set
}

let known: Emoji[] | undefined

/** Names left out: too rare to be asked, or unfit for an example. The rasteriser cannot draw noto's "package". */
const UNWANTED =
  /face|button|moon|suit|package|kaaba|hamsa|moai|coffin|headstone|bomb|dagger|cigarette|bikini|briefs|microbe|amphora|oden|tamale|kimono|sari|alembic|abacus|plunger|trackball|maracas|videocassette|synagogue|mosque|sauropod/

/** Emoji with one plain word for a name that all three styles draw. */
export function emojiList(): readonly Emoji[] {
  if (known !== undefined) return known
  const byCharacter = require('unicode-emoji-json/data-by-emoji.json') as Record<
    string,
    { name: string; slug: string; group: string }
  >
  const styles = [...TRAINING_STYLES, HELD_OUT_STYLE]
  known = Object.values(byCharacter).flatMap(({ name, slug, group }) => {
    const ours = GROUPS[group]
    const plain = /^[a-z]+$/i.test(name) && !UNWANTED.test(name)
    const icon = slug.replaceAll('_', '-')
    if (ours === undefined || !plain || !styles.every((style) => hasIcon(style, icon))) return []
    return [{ name: name.toLowerCase(), slug: icon, group: ours }]
  })
  return known
}

/** Whether a set has an icon. */
export function hasIcon(set: string, icon: string): boolean {
  const { icons, aliases } = iconSet(set)
  return icons[icon] !== undefined || aliases?.[icon] !== undefined
}

const drawn = new Map<string, Canvas>()
const MOST_KEPT = 2500

/**
 * An icon of an iconify set as a square picture with a transparent ground.
 * @param ink colour for `currentColor` in one-colour sets
 */
export function iconPicture(set: string, icon: string, pixels: number, ink = '#000000'): Canvas {
  const key = `${set}/${icon}/${pixels}/${ink}`
  const kept = drawn.get(key)
  if (kept !== undefined) return kept
  const { icons, aliases, width, height } = iconSet(set)
  const found = icons[icon] ?? icons[aliases?.[icon]?.parent ?? '']
  if (found === undefined)
    throw new Error(`The icon set ${set} has no icon "${icon}". Choose one that hasIcon() confirms.`)
  const w = found.width ?? width ?? 16
  const h = found.height ?? height ?? 16
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" viewBox="${found.left ?? 0} ${found.top ?? 0} ${w} ${h}" width="${w}" height="${h}">${found.body.replaceAll('currentColor', ink)}</svg>`
  const image = new Resvg(svg, { fitTo: { mode: 'width', value: pixels }, font: { loadSystemFonts: false } }).render()
  const canvas = createCanvas(image.width, image.height)
  const context = canvas.getContext('2d')
  const data = context.createImageData(image.width, image.height)
  data.data.set(straightAlpha(image.pixels))
  context.putImageData(data, 0, 0)
  if (drawn.size >= MOST_KEPT) drawn.delete(drawn.keys().next().value as string)
  drawn.set(key, canvas)
  return canvas
}

/** The rasteriser's pixels have colours multiplied by alpha; a canvas expects them not to be. */
function straightAlpha(pixels: Uint8Array): Uint8Array {
  const straight = new Uint8Array(pixels.length)
  for (let at = 0; at < pixels.length; at += 4) {
    const alpha = pixels[at + 3] as number
    for (let channel = 0; channel < 3; channel++) {
      straight[at + channel] =
        alpha === 0 ? 0 : Math.min(255, Math.round(((pixels[at + channel] as number) * 255) / alpha))
    }
    straight[at + 3] = alpha
  }
  return straight
}
