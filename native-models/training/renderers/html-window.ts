import { type Buttons, buttonContent, chooseButtons } from './contents/button-content.ts'
import { checkContent, radioContent } from './contents/choice-content.ts'
import { fieldContent } from './contents/field-content.ts'
import { listContent } from './contents/list-content.ts'
import { DIALOG_ICONS, type DialogIcon, dialogNoun, messageContent } from './contents/message-content.ts'
import { chooseProgress, progressContent } from './contents/progress-content.ts'
import { tabContent } from './contents/tab-content.ts'
import { chooseTable, tableContent } from './contents/table-content.ts'
import { type Content, type WindowLook, windowDrawing } from './contents/window-content.ts'
import {
  buttonMarkup,
  choiceMarkup,
  escaped,
  fieldMarkup,
  progressMarkup,
  type Toolkit,
  tabsMarkup,
  tagged,
} from './html-toolkits.ts'
import type { Drawing } from './kind.ts'
import { type ColourName, inkOn, paint } from './palette.ts'
import type { Random } from './random.ts'
import type { Vocabulary } from './vocabulary.ts'

/** A window as markup with what can be asked about it. */
export interface HtmlWindow {
  kind: string
  markup: string
  drawing: Drawing
}

const TITLE_COLOURS: readonly ColourName[] = ['red', 'green', 'blue', 'orange', 'purple', 'pink', 'brown', 'black']

/** A random window of one toolkit: a dialog, a form, tabs, a list, a table or a progress window. */
export function htmlWindow(random: Random, vocabulary: Vocabulary, toolkit: Toolkit): HtmlWindow {
  const look: WindowLook = { title: vocabulary.title(random), dark: toolkit.theme !== undefined && random.chance(0.5) }
  const kind = random.pick([
    'dialog',
    'dialog',
    'form',
    'form',
    'form',
    'tabbed-window',
    'list-window',
    'table',
    'progress-dialog',
  ])
  const buttons =
    kind === 'dialog' || random.chance(0.5) ? chooseButtons(random, vocabulary, random.integer(1, 3)) : undefined
  const { body, contents, noun } = windowBody(random, vocabulary, toolkit, kind)
  if (buttons !== undefined) contents.push(buttonContent(random, vocabulary, buttons))
  const markup = frameMarkup(
    random,
    vocabulary,
    toolkit,
    look,
    body,
    buttons === undefined ? '' : buttonRow(toolkit, buttons),
  )
  return { kind, markup, drawing: windowDrawing(random, look, noun, contents) }
}

function windowBody(
  random: Random,
  vocabulary: Vocabulary,
  toolkit: Toolkit,
  kind: string,
): { body: string; contents: Content[]; noun: string } {
  const noun = 'window'
  if (kind === 'dialog') {
    const icon = random.pick(DIALOG_ICONS)
    const message = vocabulary.message(random)
    const body = `<div class="message"><span ${tagged(`icon ${icon}`, icon)}>${iconMarkup(random, icon)}</span><div>${escaped(message.text)}</div></div>`
    return { body, contents: [messageContent(icon, message)], noun: dialogNoun(icon) }
  }
  if (kind === 'form') return { ...formBody(random, vocabulary, toolkit), noun }
  if (kind === 'tabbed-window') {
    const tabs = vocabulary.tabs(random, random.integer(2, 4))
    const selected = random.integer(0, tabs.length - 1)
    const page = formBody(random, vocabulary, toolkit, random.integer(1, 3))
    const body =
      toolkit.tabs === 'classic'
        ? `${tabsMarkup(toolkit, tabs, selected)}<div class="window" role="tabpanel"><div class="window-body">${page.body}</div></div>`
        : `${tabsMarkup(toolkit, tabs, selected)}<div class="page">${page.body}</div>`
    return { body, contents: [tabContent(random, vocabulary, tabs, selected), ...page.contents], noun }
  }
  if (kind === 'list-window') {
    const items = vocabulary.items(random, random.integer(2, 6))
    const selected = random.chance(0.85) ? random.integer(0, items.length - 1) : -1
    const rows = items.map(
      (item, index) =>
        `<div class="item ${index === selected ? 'chosen' : ''}" ${tagged(index === selected ? 'selected row' : 'row', item)}>${escaped(item)}</div>`,
    )
    return {
      body: `<div class="list">${rows.join('')}</div>`,
      contents: [listContent(random, vocabulary, items, selected)],
      noun,
    }
  }
  if (kind === 'table') {
    const content = chooseTable(random, vocabulary, vocabulary.items(random, random.integer(2, 5)))
    const head = `<tr ${tagged('header', '')}>${content.headings.map((heading) => `<th>${heading}</th>`).join('')}</tr>`
    const rows = content.rows.map((cells, index) => {
      const chosen = index === content.selected
      return `<tr class="${chosen ? 'chosen' : ''}" ${tagged(chosen ? 'selected row' : 'row', cells[0] ?? '')}>${cells.map((cell) => `<td>${escaped(cell)}</td>`).join('')}</tr>`
    })
    return {
      body: `<table class="${toolkit.table}"><thead>${head}</thead><tbody>${rows.join('')}</tbody></table>`,
      contents: [tableContent(random, content)],
      noun,
    }
  }
  const { message, done } = chooseProgress(random, vocabulary)
  return {
    body: `<div>${escaped(message)}</div>${progressMarkup(toolkit, done)}`,
    contents: [progressContent(message, done)],
    noun,
  }
}

function formBody(
  random: Random,
  vocabulary: Vocabulary,
  toolkit: Toolkit,
  rows?: number,
): { body: string; contents: Content[] } {
  const style = random.pick(['check', 'check', 'radio', 'field', 'field'] as const)
  if (style === 'field') {
    const names = vocabulary.fields(random, rows ?? random.integer(1, 4))
    const values = names.map(() => (random.chance(0.35) ? '' : vocabulary.value(random)))
    return {
      body: names.map((name, index) => fieldMarkup(toolkit, name, values[index]!)).join(''),
      contents: [fieldContent(random, vocabulary, names, values)],
    }
  }
  const names = vocabulary.options(random, Math.max(style === 'radio' ? 2 : 1, rows ?? random.integer(2, 5)))
  if (style === 'radio') {
    const chosen = random.integer(0, names.length - 1)
    return {
      body: names.map((name, index) => choiceMarkup(toolkit, 'radio', name, index === chosen)).join(''),
      contents: [radioContent(random, vocabulary, names, chosen)],
    }
  }
  const states = names.map(() => random.chance(0.5))
  const switched =
    (toolkit.name === 'bootstrap' || toolkit.name === 'pico' || toolkit.name === 'spectre') && random.chance(0.4)
  return {
    body: names.map((name, index) => choiceMarkup(toolkit, 'checkbox', name, states[index]!, switched)).join(''),
    contents: [checkContent(random, vocabulary, names, states, switched ? 'switch' : 'check box')],
  }
}

function buttonRow(toolkit: Toolkit, { texts, byDefault, disabled }: Buttons): string {
  return texts
    .map((text, index) =>
      buttonMarkup(toolkit, text, index === byDefault ? 'default' : index === disabled ? 'disabled' : 'plain'),
    )
    .join('')
}

/** Wraps title bar, body and buttons; names the title bar's colour in `look` where it has one. */
function frameMarkup(
  random: Random,
  vocabulary: Vocabulary,
  toolkit: Toolkit,
  look: WindowLook,
  body: string,
  buttons: string,
): string {
  const title = `<div class="title-bar-text">${escaped(look.title)}</div>`
  const face = look.dark ? 'dark face' : 'face'
  const theme = toolkit.theme === undefined ? '' : `${toolkit.theme}="${look.dark ? 'dark' : 'light'}"`
  const align = random.pick(['flex-end', 'flex-end', 'center', 'flex-start'])
  const foot = buttons === '' ? '' : `<div class="foot" style="justify-content:${align}">${buttons}</div>`
  if (toolkit.frame === 'classic') {
    const controls = random.chance(0.5)
      ? '<button aria-label="Minimize"></button><button aria-label="Maximize"></button>'
      : ''
    return `<div class="window active" ${tagged(face, '')}><div class="title-bar" ${tagged('title bar', '')}>${title}<div class="title-bar-controls">${controls}<button aria-label="Close" ${tagged('close', '')}></button></div></div><div class="window-body">${body}${foot}</div></div>`
  }
  let bar = ''
  let colour = ''
  if (random.chance(0.4)) {
    const name = random.pick(TITLE_COLOURS)
    const fill = paint(random, name, vocabulary.split)
    look.titleColour = name
    colour = `data-colour="${name}"`
    bar = `background:${fill};color:${inkOn(fill)};`
  }
  const radius = random.pick([0, 4, 8, 12])
  const side = random.pick(['row', 'row', 'row-reverse'])
  const close = random.pick(['×', '✕'])
  return `<div class="own" ${theme} style="background:${toolkit.face};color:${toolkit.ink};border-radius:${radius}px;" ${tagged(face, '')}><div class="head" style="${bar}flex-direction:${side};text-align:${random.pick(['left', 'center'])}" ${tagged('title bar', '')} ${colour}><span class="name ${random.chance(0.5) ? 'bold' : ''}">${escaped(look.title)}</span><span class="close-mark" ${tagged('close', '')} data-silent>${close}</span></div><div class="body">${body}${foot}</div></div>`
}

function iconMarkup(random: Random, icon: DialogIcon): string {
  const fill = random.pick(
    {
      info: ['#1f77d6', '#0078d4'],
      warning: ['#f1b80f', '#ffb900'],
      error: ['#d62728', '#c42b1c'],
      question: ['#1f77d6', '#2c9c5a', '#6b5bd2'],
    }[icon],
  )
  const shape = icon === 'warning' ? '<path d="M16 2 31 29H1Z"/>' : '<circle cx="16" cy="16" r="14"/>'
  const strokes = {
    info: '<path d="M16 14v9"/><path d="M16 9v.1"/>',
    warning: '<path d="M16 12v8"/><path d="M16 25v.1"/>',
    error: '<path d="M11 11l10 10M21 11 11 21"/>',
    question: '<path d="M12 12.5a4 4 0 1 1 5.6 3.7c-1 .5-1.6 1-1.6 2.3"/><path d="M16 23.5v.1"/>',
  }[icon]
  return `<svg width="30" height="30" viewBox="0 0 32 32" fill="${fill}" style="display:block">${shape}<g fill="none" stroke="${icon === 'warning' ? '#1a1a1a' : '#ffffff'}" stroke-width="3.2" stroke-linecap="round">${strokes}</g></svg>`
}
