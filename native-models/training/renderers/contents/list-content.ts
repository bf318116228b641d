import { counted } from '../questions.ts'
import type { Random } from '../random.ts'
import { listed, type Vocabulary } from '../vocabulary.ts'
import { fact, lower, presence, selectionAsk } from './content-asks.ts'
import type { Content } from './window-content.ts'

/** A list from top to bottom. */
export function listContent(
  random: Random,
  vocabulary: Vocabulary,
  items: readonly string[],
  selected: number,
): Content {
  const count = items.length
  return {
    things: ['list'],
    summary: `with a list of ${count} items: ${listed(items)}${selected >= 0 ? `; ${items[selected]} is selected` : ''}`,
    facts: ['list', `${count} items`, ...lower(items)],
    asks: [
      counted('count', 'count-rows', count, ['item', 'items'], ' in the list'),
      presence(
        random,
        'row-present',
        items,
        () => vocabulary.items(random, 1)[0]!,
        (item) => `an entry ${item}`,
      ),
      fact('row-place', 'row-first', items[0]!, `The first item is ${items[0]}.`),
      fact('row-place', 'row-last', items[count - 1]!, `The last item is ${items[count - 1]}.`),
      selectionAsk('item', items[selected]),
    ],
  }
}
