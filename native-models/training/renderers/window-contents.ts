import { absenceAsks, type Thing } from './absence.ts'
import type { Drawing } from './kind.ts'
import { type ColourName, colourSpellings } from './palette.ts'
import { type Ask, counted, indefinite, yesNo } from './questions.ts'
import type { Random } from './random.ts'
import { capitalised, listed, type Vocabulary } from './vocabulary.ts'
import type { Wording } from './wordings.ts'

/** What a part of a window can be asked, whatever drew it. */
export interface Content {
  things: Thing[]
  /** How the caption tells of it, "with the tabs A and B". */
  summary: string
  facts: string[]
  asks: Ask[]
}

/** What any window has. */
export interface WindowLook {
  title: string
  dark: boolean
  titleColour?: ColourName
}

/**
 * Puts a window's contents together.
 * @param noun what the caption calls it, "window" or "warning dialog"
 */
export function windowDrawing(random: Random, look: WindowLook, noun: string, contents: readonly Content[]): Drawing {
  const theme = look.dark ? 'dark' : 'light'
  const caption = `${capitalised(indefinite(theme))} ${noun} titled "${look.title}" ${contents.map(({ summary }) => summary).join(' and ')}.`
  const asks: Ask[] = [
    ...contents.flatMap((content) => content.asks),
    { kind: 'theme', wording: 'theme', answer: theme, sentence: `The window is ${theme}.` },
    { kind: 'title', wording: 'title', answer: look.title, sentence: `The title of the window is "${look.title}".` },
    ...absenceAsks(random, ['window', 'text', ...contents.flatMap((content) => content.things)]),
    { kind: 'caption', wording: 'caption', answer: caption, sentence: caption },
  ]
  const { titleColour } = look
  if (titleColour !== undefined) {
    asks.push({
      kind: 'title-colour',
      wording: 'title-colour',
      answer: titleColour,
      accepted: colourSpellings(titleColour),
      sentence: `The title bar is ${titleColour}.`,
    })
  }
  return { caption, facts: ['window', theme, ...contents.flatMap((content) => content.facts)], asks }
}

export const DIALOG_ICONS = ['info', 'warning', 'error', 'question'] as const
export type DialogIcon = (typeof DIALOG_ICONS)[number]

/** What a dialog with an icon is called. */
export function dialogNoun(icon: DialogIcon): string {
  return icon === 'info' ? 'information dialog' : `${icon} dialog`
}

/** The icon and message of a message box. */
export function messageContent(icon: DialogIcon, message: string): Content {
  const noun = dialogNoun(icon)
  const word = noun.replace(' dialog', '')
  const accepted = [indefinite(word), noun, ...(icon === 'info' ? ['info'] : icon === 'warning' ? ['alert'] : [])]
  return {
    things: ['dialog', 'icon'],
    summary: `that says "${message}"`,
    facts: ['dialog', icon],
    asks: [
      { kind: 'dialog-kind', wording: 'dialog-kind', answer: word, accepted, sentence: `It is ${indefinite(noun)}.` },
      messageAsk(message),
    ],
  }
}

function messageAsk(message: string): Ask {
  return { kind: 'message', wording: 'message', answer: message, sentence: `The message says "${message}"` }
}

/** Push buttons from left to right. */
export interface Buttons {
  texts: readonly string[]
  /** Index of the highlighted one, -1 for none. */
  byDefault: number
  /** Index of one greyed out, -1 for none. */
  disabled: number
}

/** Different button texts, one highlighted in most, one greyed out in some. */
export function chooseButtons(random: Random, vocabulary: Vocabulary, count: number): Buttons {
  const texts = vocabulary.buttons(random, count)
  const byDefault = random.chance(0.8) ? random.integer(0, count - 1) : -1
  const others = texts.flatMap((_, index) => (index === byDefault ? [] : [index]))
  const disabled = others.length > 0 && random.chance(0.25) ? random.pick(others) : -1
  return { texts, byDefault, disabled }
}

/** A window's push buttons. */
export function buttonContent(random: Random, vocabulary: Vocabulary, buttons: Buttons): Content {
  const { texts, byDefault, disabled } = buttons
  const count = texts.length
  const asks: Ask[] = [
    presence(
      random,
      'button-present',
      texts,
      () => vocabulary.buttons(random, 1)[0]!,
      (name) => `a "${name}" button`,
    ),
    counted('count', 'count-buttons', count, ['button', 'buttons']),
    listAsk('labels', 'labels', texts, (list) =>
      count === 1 ? `There is one button, ${list}.` : `The buttons are ${list}.`,
    ),
  ]
  if (byDefault >= 0 && count > 1) {
    const text = texts[byDefault]!
    asks.push(fact('default-button', 'default-button', text, `The ${text} button is highlighted.`))
  }
  if (count > 1) {
    const [wording, text, side] = random.chance(0.5)
      ? (['button-position', texts[0]!, 'left'] as const)
      : (['button-position-last', texts[count - 1]!, 'right'] as const)
    asks.push(fact('button-position', wording, text, `The button on the far ${side} is ${text}.`))
  }
  if (disabled >= 0 || random.chance(0.2)) {
    const asked = disabled >= 0 && random.chance(0.6) ? disabled : random.integer(0, count - 1)
    const text = texts[asked]!
    const is = asked === disabled
    asks.push(
      yesNo(
        'button-disabled',
        'button-disabled',
        text,
        is,
        `the ${text} button is greyed out`,
        `the ${text} button can be clicked`,
      ),
    )
  }
  return {
    things: ['button'],
    summary: count === 1 ? `with a button ${texts[0]}` : `with ${count} buttons, ${listed(texts)}`,
    facts: [`${count} buttons`, ...lower(texts)],
    asks,
  }
}

/** Check boxes or switches. */
export function checkContent(
  random: Random,
  vocabulary: Vocabulary,
  names: readonly string[],
  states: readonly boolean[],
  noun: 'check box' | 'switch',
): Content {
  const count = names.length
  const on = names.filter((_, index) => states[index])
  const asked = random.sample(
    names.map((_, index) => index),
    2,
  )
  const asks: Ask[] = asked.map((index) => {
    const name = names[index]!
    return yesNo('checked', 'checked', name, states[index]!, `${name} is checked`, `${name} is not checked`)
  })
  asks.push(
    counted('count', 'count-checked', on.length, ['option', 'options'], ' checked'),
    counted('count', 'count-boxes', count, ['option', 'options']),
    ...optionAsks(random, vocabulary, names),
    on.length > 0
      ? listAsk('which-checked', 'which-checked', on, (list) => `${list} ${on.length === 1 ? 'is' : 'are'} checked.`)
      : {
          ...fact('which-checked', 'which-checked', 'none', 'No option is checked.'),
          accepted: ['no options', 'nothing'],
        },
  )
  const plural = noun === 'switch' ? 'switches' : 'check boxes'
  return {
    things: ['check box'],
    summary: `with ${count === 1 ? `a ${noun}` : `${count} ${plural}`}: ${names.map((name, index) => `${name} ${states[index] ? 'on' : 'off'}`).join(', ')}`,
    facts: [noun, `${on.length} checked`, ...lower(names)],
    asks,
  }
}

/** Which options there are, and whether one is among them. */
function optionAsks(random: Random, vocabulary: Vocabulary, names: readonly string[]): Ask[] {
  return [
    listAsk('options', 'options', names, (list) => `The options are ${list}.`),
    presence(
      random,
      'option-present',
      names,
      () => vocabulary.options(random, 1)[0]!,
      (name) => `an option "${name}"`,
    ),
  ]
}

/** Radio buttons. */
export function radioContent(
  random: Random,
  vocabulary: Vocabulary,
  names: readonly string[],
  chosen: number,
): Content {
  const name = names[chosen]!
  const is = random.chance(0.5)
  const asked = is ? name : random.pick(names.filter((_, index) => index !== chosen))
  return {
    things: ['radio button'],
    summary: `with ${names.length} radio buttons, ${listed(names)}; ${name} is selected`,
    facts: ['radio button', ...lower(names)],
    asks: [
      fact('radio', 'radio', name, `${name} is selected.`),
      yesNo('radio', 'radio-state', asked, is, `${asked} is selected`, `${asked} is not selected, ${name} is`),
      counted('count', 'count-boxes', names.length, ['option', 'options']),
      ...optionAsks(random, vocabulary, names),
    ],
  }
}

/** Text fields; an empty value is an empty field. */
export function fieldContent(
  random: Random,
  vocabulary: Vocabulary,
  names: readonly string[],
  values: readonly string[],
): Content {
  const count = names.length
  const indices = names.map((_, index) => index)
  const filled = indices.filter((index) => values[index] !== '')
  const empty = indices.filter((index) => values[index] === '')
  const asks: Ask[] = [
    counted('count', 'count-fields', count, ['field', 'fields']),
    presence(
      random,
      'field-present',
      names,
      () => vocabulary.fields(random, 1)[0]!,
      (name) => `a field for ${name}`,
    ),
  ]
  for (const index of random.sample(filled, 2)) {
    const [name, value] = [names[index]!, values[index]!]
    asks.push({ ...fact('field', 'field', value, `The ${name} field contains "${value}".`), slots: { x: name } })
  }
  const asked = random.chance(0.5) ? empty : filled
  if (asked.length > 0) {
    const index = random.pick(asked)
    const name = names[index]!
    asks.push(
      yesNo(
        'field-empty',
        'field-empty',
        name,
        values[index] === '',
        `the ${name} field is empty`,
        `the ${name} field contains "${values[index]}"`,
      ),
    )
  }
  const each = names.map((name, index) => `${name} ${values[index] === '' ? 'empty' : `"${values[index]}"`}`)
  return {
    things: ['text field'],
    summary: `with ${count === 1 ? 'a field' : `${count} fields`}: ${each.join(', ')}`,
    facts: ['field', ...lower(names)],
    asks,
  }
}

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

/** A table whose first column names the rows. */
export interface TableContent {
  headings: readonly string[]
  rows: readonly (readonly string[])[]
  /** Index of the selected row, -1 for none. */
  selected: number
}

/** Column headings with what stands below them. */
const COLUMNS: Record<string, (random: Random, vocabulary: Vocabulary) => string> = {
  Size: (random) => `${random.integer(1, 990)} KB`,
  Price: (random) => `$${random.integer(1, 99)}`,
  Amount: (random) => String(random.integer(1, 999)),
  Stock: (random) => String(random.integer(0, 99)),
  Date: (random) =>
    `${random.integer(1, 28)} ${random.pick(['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'])}`,
  Year: (random) => String(random.integer(1990, 2026)),
  State: (random) => random.pick(['open', 'closed', 'done', 'new', 'late', 'paid', 'sent', 'failed']),
  Score: (random) => String(random.integer(1, 100)),
  Age: (random) => String(random.integer(18, 90)),
  Time: (random) => `${random.integer(0, 23)}:${String(random.integer(0, 59)).padStart(2, '0')}`,
  Kind: (random, vocabulary) => vocabulary.word(random),
}

/** A table for the given row names with one or two more columns. */
export function chooseTable(random: Random, vocabulary: Vocabulary, names: readonly string[]): TableContent {
  const columns = random.sample(Object.keys(COLUMNS), random.integer(1, 2))
  return {
    headings: ['Name', ...columns],
    rows: names.map((name) => [name, ...columns.map((column) => COLUMNS[column]!(random, vocabulary))]),
    selected: random.chance(0.6) ? random.integer(0, names.length - 1) : -1,
  }
}

/** Questions of a table. */
export function tableContent(random: Random, { headings, rows, selected }: TableContent): Content {
  const asks: Ask[] = [
    counted('count', 'count-rows', rows.length, ['row', 'rows']),
    counted('count', 'count-columns', headings.length, ['column', 'columns']),
    listAsk('columns', 'columns', headings, (list) => `The columns are ${list}.`),
    selectionAsk('row', rows[selected]?.[0]),
  ]
  for (const row of random.sample(rows, 2)) {
    const column = random.integer(1, headings.length - 1)
    const [name, heading, value] = [row[0]!, headings[column]!.toLowerCase(), row[column]!]
    asks.push({
      ...fact('cell', 'cell', value, `The ${heading} of ${name} is ${value}.`),
      slots: { x: name, y: heading },
      accepted: [value.replace('$', '')],
    })
  }
  return {
    things: ['table', 'list'],
    summary: `with a table of ${rows.length} rows and the columns ${listed(headings)}${selected >= 0 ? `; ${rows[selected]![0]} is selected` : ''}`,
    facts: ['table', `${rows.length} rows`, ...lower(rows.map((row) => row[0]!))],
    asks,
  }
}

const TASKS = [
  'Copying',
  'Downloading',
  'Installing',
  'Loading',
  'Deleting',
  'Uploading',
  'Scanning',
  'Printing',
  'Sending',
  'Opening',
]

/** What a window with a progress bar is busy with, and how many percent are done; never near the middle. */
export function chooseProgress(random: Random, vocabulary: Vocabulary): { message: string; done: number } {
  const object = random.chance(0.7) ? vocabulary.fileName(random) : vocabulary.word(random)
  const done = random.chance(0.1) ? 100 : random.pick([random.integer(2, 46), random.integer(54, 98)])
  return { message: `${random.pick(TASKS)} ${object}`, done }
}

/** A progress bar with its percentage written beside it. */
export function progressContent(message: string, done: number): Content {
  return {
    things: [],
    summary: `that says "${message}" with a progress bar at ${done}%`,
    facts: ['progress'],
    asks: [
      {
        ...fact('progress', 'progress', `${done}%`, `It is at ${done}%.`),
        accepted: [`${done}`, `${done} %`, `${done} percent`],
      },
      yesNo('progress', 'progress-half', '', done > 50, `it is at ${done}%`, `it is at ${done}%`),
      messageAsk(message),
    ],
  }
}

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

/** A fact with a single answer. */
function fact(kind: string, wording: Wording, answer: string, sentence: string): Ask {
  return { kind, wording, answer, sentence }
}

/** A list answered by naming all of its items. */
function listAsk(kind: string, wording: Wording, items: readonly string[], sentence: (list: string) => string): Ask {
  return {
    kind,
    wording,
    answer: listed(items),
    accepted: [items.join(', '), items.join(' ')],
    sentence: sentence(listed(items)),
  }
}

/** Whether something is there, asked half of the time of something that is not, as common a text as those that are. */
function presence(
  random: Random,
  kind: Wording,
  names: readonly string[],
  other: () => string,
  phrase: (name: string) => string,
): Ask {
  const yes = random.chance(0.5)
  const taken = lower(names)
  let name = random.pick(names)
  while (!yes && taken.includes(name.toLowerCase())) name = other()
  return yesNo(kind, kind, name, yes, `there is ${phrase(name)}`, `there is no ${phrase(name).replace(/^an? /, '')}`)
}

function selectionAsk(noun: 'item' | 'row', name: string | undefined): Ask {
  return name === undefined
    ? nothing('row', `No ${noun} is selected`, 'nothing')
    : fact('row', 'row', name, `${name} is selected.`)
}

/** A question about something that could be there and is not. */
function nothing(wording: Wording, statement: string, short: string): Ask {
  return {
    kind: 'absent',
    wording,
    answer: `${statement}.`,
    word: 'none',
    accepted: ['none', statement.toLowerCase(), short],
    sentence: `${statement}.`,
  }
}

function lower(texts: readonly string[]): string[] {
  return texts.map((text) => text.toLowerCase())
}
