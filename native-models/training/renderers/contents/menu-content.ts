import { type Ask, counted } from '../questions.ts'
import type { Random } from '../random.ts'
import { listed, type Vocabulary } from '../vocabulary.ts'
import { fact, listAsk, lower, nothing, presence } from './content-asks.ts'
import type { Content } from './window-content.ts'

/** A menu bar; `items` belong to the open menu. */
export function menuContent(
  random: Random,
  vocabulary: Vocabulary,
  menus: readonly string[],
  open: number,
  items: readonly string[],
  marked: number,
): Content {
  const asks: Ask[] = [
    presence(
      random,
      'menu-present',
      menus,
      () => vocabulary.menus(random, 1)[0]!,
      (menu) => `a menu called ${menu}`,
    ),
  ]
  if (open >= 0) {
    const name = menus[open]!
    asks.push(
      fact('menu', 'menu', name, `The ${name} menu is open.`),
      counted('count', 'count-menu-items', items.length, ['item', 'items'], ' in the menu'),
      listAsk('menu-items', 'menu-items', items, (list) => `The menu has ${list}.`),
    )
    if (marked >= 0) asks.push(fact('menu', 'menu-item', items[marked]!, `${items[marked]} is highlighted.`))
  } else {
    asks.push(nothing('menu', 'No menu is open', 'no menu'))
  }
  return {
    things: ['menu'],
    summary: `with the menus ${listed(menus)}${open >= 0 ? `; ${menus[open]} is open with ${listed(items)}` : ''}`,
    facts: ['menu', ...lower(menus), ...(open >= 0 ? lower(items) : [])],
    asks,
  }
}
