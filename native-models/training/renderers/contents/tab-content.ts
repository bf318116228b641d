import { counted } from '../questions.ts'
import type { Random } from '../random.ts'
import { listed, type Vocabulary } from '../vocabulary.ts'
import { fact, listAsk, lower, presence } from './content-asks.ts'
import type { Content } from './window-content.ts'

/** Tabs from left to right. */
export function tabContent(random: Random, vocabulary: Vocabulary, tabs: readonly string[], selected: number): Content {
  const name = tabs[selected]!
  return {
    things: ['tab'],
    summary: `with the tabs ${listed(tabs)}; ${name} is selected`,
    facts: ['tabs', `${tabs.length} tabs`, ...lower(tabs)],
    asks: [
      fact('tab', 'tab', name, `The ${name} tab is selected.`),
      presence(
        random,
        'tab-present',
        tabs,
        () => vocabulary.tabs(random, 1)[0]!,
        (tab) => `a tab called ${tab}`,
      ),
      counted('count', 'count-tabs', tabs.length, ['tab', 'tabs']),
      listAsk('tabs', 'tabs', tabs, (list) => `The tabs are ${list}.`),
    ],
  }
}
