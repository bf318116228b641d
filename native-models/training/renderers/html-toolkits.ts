import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import type { ElementName } from './label-map.ts'
import type { Split } from './split.ts'

const require = createRequire(import.meta.url)

/** How one library of components writes the parts of a window. */
export interface Toolkit {
  name: string
  /** Style sheet, a path inside node_modules; none for the browser's own widgets. */
  css?: string
  /** Attribute that switches a subtree to the dark theme; none where there is only a light one. */
  theme?: string
  /** Ground and ink of a window. */
  face: string
  ink: string
  frame: 'own' | 'classic'
  button: string
  defaultButton: string
  input: string
  tabs: 'nav' | 'bulma' | 'spectre' | 'classic'
  table: string
  progress: 'bar' | 'bootstrap' | 'element' | 'classic'
  check: 'bootstrap' | 'plain' | 'sibling' | 'spectre'
}

const BOOTSTRAP: Toolkit = {
  name: 'bootstrap',
  css: 'bootstrap/dist/css/bootstrap.css',
  theme: 'data-bs-theme',
  face: 'var(--bs-body-bg)',
  ink: 'var(--bs-body-color)',
  frame: 'own',
  button: 'btn btn-secondary btn-sm',
  defaultButton: 'btn btn-primary btn-sm',
  input: 'form-control form-control-sm',
  tabs: 'nav',
  table: 'table table-sm',
  progress: 'bootstrap',
  check: 'bootstrap',
}
const BULMA: Toolkit = {
  name: 'bulma',
  css: 'bulma/css/bulma.css',
  theme: 'data-theme',
  face: 'var(--bulma-scheme-main)',
  ink: 'var(--bulma-text-strong)',
  frame: 'own',
  button: 'button is-small',
  defaultButton: 'button is-small is-link',
  input: 'input is-small',
  tabs: 'bulma',
  table: 'table is-narrow is-fullwidth',
  progress: 'element',
  check: 'plain',
}
const PICO: Toolkit = {
  name: 'pico',
  css: '@picocss/pico/css/pico.css',
  theme: 'data-theme',
  face: 'var(--pico-background-color)',
  ink: 'var(--pico-color)',
  frame: 'own',
  button: 'secondary',
  defaultButton: 'primary',
  input: '',
  tabs: 'nav',
  table: '',
  progress: 'element',
  check: 'plain',
}
const CLASSIC: Toolkit = {
  name: '98',
  css: '98.css/dist/98.css',
  face: '#c0c0c0',
  ink: '#000000',
  frame: 'classic',
  button: '',
  defaultButton: 'default',
  input: '',
  tabs: 'classic',
  table: 'interactive',
  progress: 'classic',
  check: 'sibling',
}
const XP: Toolkit = { ...CLASSIC, name: 'xp', css: 'xp.css/dist/XP.css', face: '#ece9d8', progress: 'bar' }
const BROWSER: Toolkit = {
  name: 'browser',
  theme: 'data-scheme',
  face: 'Canvas',
  ink: 'CanvasText',
  frame: 'own',
  button: '',
  defaultButton: 'filled',
  input: '',
  tabs: 'nav',
  table: '',
  progress: 'element',
  check: 'plain',
}
const SEVEN: Toolkit = { ...CLASSIC, name: '7', css: '7.css/dist/7.css', face: '#f0f0f0', progress: 'bar', table: '' }
const SPECTRE: Toolkit = {
  name: 'spectre',
  css: 'spectre.css/dist/spectre.css',
  face: '#ffffff',
  ink: '#3b4351',
  frame: 'own',
  button: 'btn btn-sm',
  defaultButton: 'btn btn-sm btn-primary',
  input: 'form-input input-sm',
  tabs: 'spectre',
  table: 'table',
  progress: 'element',
  check: 'spectre',
}

/** Libraries a split may use; the test split has its own. */
export function toolkits(split: Split): readonly Toolkit[] {
  return split === 'test' ? [SEVEN, SPECTRE] : [BROWSER, BOOTSTRAP, BULMA, PICO, CLASSIC, XP]
}

/** File and folder of a toolkit's style sheet. */
export function styleSheet(toolkit: Toolkit): string | undefined {
  if (toolkit.css === undefined) return undefined
  const [first, second] = toolkit.css.split('/') as [string, string]
  const name = first.startsWith('@') ? `${first}/${second}` : first
  return join(dirname(require.resolve(`${name}/package.json`)), toolkit.css.slice(name.length + 1))
}

/** Escapes text for HTML. */
export function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;')
}

/** Attributes that tell the reader of the page what an element is. */
export function tagged(element: ElementName, name: string): string {
  return `data-element="${element}" data-name="${escaped(name)}"`
}

let fieldCount = 0

/** A check box or radio button with its label. */
export function choiceMarkup(
  toolkit: Toolkit,
  type: 'checkbox' | 'radio',
  name: string,
  on: boolean,
  switched = false,
): string {
  const id = `choice-${++fieldCount}`
  const element = switched
    ? on
      ? 'switch on'
      : 'switch off'
    : type === 'radio'
      ? on
        ? 'radio on'
        : 'radio off'
      : on
        ? 'box on'
        : 'box off'
  const checked = on ? 'checked' : ''
  const text = escaped(name)
  if (toolkit.check === 'bootstrap') {
    return `<div class="form-check${switched ? ' form-switch' : ''}"><input class="form-check-input" type="${type}" id="${id}" ${checked} ${tagged(element, name)}><label class="form-check-label" for="${id}">${text}</label></div>`
  }
  if (toolkit.check === 'spectre') {
    return `<label class="form-${switched ? 'switch' : type}"><input type="${type}" ${checked}><i class="form-icon" ${tagged(element, name)}></i> ${text}</label>`
  }
  if (toolkit.check === 'sibling') {
    // These libraries hide the input and draw the box before the label: the box is a square at the label's left.
    return `<div class="field-row"><input type="${type}" id="${id}" ${checked}><label for="${id}" ${tagged(element, name)} data-square>${text}</label></div>`
  }
  const role = switched ? ' role="switch"' : ''
  return `<label class="choice"><input type="${type}" ${checked}${role} ${tagged(element, name)}> ${text}</label>`
}

/** A push button. */
export function buttonMarkup(toolkit: Toolkit, text: string, state: 'plain' | 'default' | 'disabled'): string {
  const element = state === 'default' ? 'default button' : state === 'disabled' ? 'disabled button' : 'button'
  return `<button class="${state === 'default' ? toolkit.defaultButton : toolkit.button}" ${state === 'disabled' ? 'disabled' : ''} ${tagged(element, text)}>${escaped(text)}</button>`
}

/** A text field with its label. */
export function fieldMarkup(toolkit: Toolkit, name: string, value: string): string {
  return `<div class="field-pair"><label>${escaped(name)}</label><input type="text" class="${toolkit.input}" value="${escaped(value)}" ${tagged('field', value)}></div>`
}

/** A row of tabs. */
export function tabsMarkup(toolkit: Toolkit, tabs: readonly string[], selected: number): string {
  const attributes = (tab: string, index: number) => tagged(index === selected ? 'selected tab' : 'tab', tab)
  if (toolkit.tabs === 'classic') {
    return `<menu role="tablist">${tabs.map((tab, index) => `<${toolkit.name === '98' ? 'li' : 'button'} role="tab" aria-selected="${index === selected}" ${attributes(tab, index)}>${toolkit.name === '98' ? `<a>${escaped(tab)}</a></li>` : `${escaped(tab)}</button>`}`).join('')}</menu>`
  }
  if (toolkit.tabs === 'bulma') {
    return `<div class="tabs is-small"><ul>${tabs.map((tab, index) => `<li class="${index === selected ? 'is-active' : ''}" ${attributes(tab, index)}><a>${escaped(tab)}</a></li>`).join('')}</ul></div>`
  }
  if (toolkit.tabs === 'spectre') {
    return `<ul class="tab">${tabs.map((tab, index) => `<li class="tab-item ${index === selected ? 'active' : ''}" ${attributes(tab, index)}><a>${escaped(tab)}</a></li>`).join('')}</ul>`
  }
  return `<div class="nav nav-tabs tab-row">${tabs.map((tab, index) => `<span class="nav-link tab-cell ${index === selected ? 'active' : ''}" ${attributes(tab, index)}>${escaped(tab)}</span>`).join('')}</div>`
}

/** A progress bar with its percentage. */
export function progressMarkup(toolkit: Toolkit, done: number): string {
  const mark = tagged('progress', `${done}%`)
  const bar =
    toolkit.progress === 'bootstrap'
      ? `<div class="progress" style="flex:1" ${mark}><div class="progress-bar" style="width:${done}%"></div></div>`
      : toolkit.progress === 'classic'
        ? `<div class="progress-indicator" style="flex:1" ${mark}><span class="progress-indicator-bar" style="width:${done}%"></span></div>`
        : toolkit.progress === 'element'
          ? `<progress class="progress" style="flex:1;margin:0" max="100" value="${done}" ${mark}></progress>`
          : `<div class="own-progress" style="flex:1" ${mark}><div style="width:${done}%"></div></div>`
  return `<div class="progress-row">${bar}<span>${done}%</span></div>`
}
