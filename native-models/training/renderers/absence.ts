import { type Ask, absent, indefinite, yesNo } from './questions.ts'
import type { Random } from './random.ts'

/** Things a picture may have, for questions about what is there and what is not. */
export type Thing =
  | 'window'
  | 'dialog'
  | 'button'
  | 'check box'
  | 'radio button'
  | 'text field'
  | 'tab'
  | 'list'
  | 'menu'
  | 'table'
  | 'bar chart'
  | 'pie chart'
  | 'line chart'
  | 'shape'
  | 'emoji'
  | 'icon'
  | 'text'

const CHARTS: readonly Thing[] = ['bar chart', 'pie chart', 'line chart']
/** Things that can be asked about by "Is this a ...?". */
const WHOLE: readonly Thing[] = [
  'window',
  'dialog',
  'table',
  'bar chart',
  'pie chart',
  'line chart',
  'emoji',
  'text',
  'shape',
]

/**
 * Questions about things the picture has not got, and yes/no questions about what it is.
 * @param has everything in the picture
 */
export function absenceAsks(random: Random, has: readonly Thing[]): Ask[] {
  const lacks = (thing: Thing) => !has.includes(thing)
  const asks: Ask[] = []
  if (lacks('tab')) asks.push(absent('tab', 'tabs', undefined, true), absent('count-tabs', 'tabs', undefined, true))
  if (lacks('menu')) asks.push(absent('menu', 'menu'))
  if (['radio button', 'check box', 'list', 'tab', 'icon'].every((thing) => lacks(thing as Thing)))
    asks.push(absent('radio', 'options', undefined, true))
  if (lacks('check box') && lacks('radio button')) asks.push(absent('which-checked', 'check boxes', undefined, true))
  if (lacks('button'))
    asks.push(absent('labels', 'buttons', undefined, true), absent('default-button', 'buttons', undefined, true))
  if (lacks('window')) asks.push(absent('title', 'window'), absent('theme', 'window'))
  if (CHARTS.every(lacks)) asks.push(absent('chart-title', 'chart'), absent('chart-kind', 'chart'))
  if (lacks('list') && lacks('table') && lacks('menu') && lacks('tab') && lacks('radio button'))
    asks.push(absent('row', 'list'))
  if (lacks('table')) asks.push(absent('columns', 'table'))
  if (lacks('text field')) asks.push(absent('count-fields', 'fields', undefined, true))
  if (lacks('text')) asks.push(absent('read', 'text'))
  const chosen = random.chance(0.7) ? random.sample(asks, 1) : []
  if (random.chance(0.5)) return chosen
  // "Is this a ...?" is answered yes half of the time where the picture has something to say yes to.
  const present = WHOLE.filter((thing) => has.includes(thing))
  const missing = WHOLE.filter((thing) => lacks(thing) && !(thing === 'dialog' && has.includes('window')))
  const thing = present.length > 0 && random.chance(0.55) ? random.pick(present) : random.pick(missing)
  const is = has.includes(thing)
  chosen.push(yesNo('thing', 'thing', thing, is, `there is ${indefinite(thing)}`, `there is no ${thing}`))
  return chosen
}
