import { chromium } from 'playwright-core'
import type { Box } from '../../../native-models/text-reader/text-line.ts'

/** A picture and exactly what is written in it. */
export interface RenderedPage {
  name: string
  png: Buffer
  width: number
  height: number
  lines: { text: string; box: Box }[]
}

interface PageDescription {
  name: string
  width: number
  height: number
  html: string
}

const english = [
  'Backups run every night at 02:30',
  'The connection to printer-4 was lost',
  'Remember my choice for this folder',
  'Show hidden files and folders',
  'Invoice 2024-118 is due on 14 March',
  'Updates are installed after a restart',
  'Last opened: Monday, 09:41',
  'Free space: 128.4 GB of 512 GB',
  'user.name@example.com',
  'Version 3.12.7 (build 4081)',
  'Send anonymous reports? No, thanks',
  'Quarterly results: +14.6 % since May',
  'Dr. Quincy Jablonski, Room B-217',
  'https://docs.example.org/start?page=2',
  'Could not save "Report (final).docx"',
  'Keep both files, or replace the older one',
]
const chinese = [
  '自动备份每天凌晨两点开始',
  '无法连接到打印机，请检查电源',
  '显示隐藏的文件和文件夹',
  '上次打开时间：星期一上午',
  '剩余空间：128 GB，共 512 GB',
  '系统更新将在重新启动后安装',
  '是否发送匿名使用报告？',
  '第三季度销售额增长百分之十四',
  '请输入您的用户名和密码',
  '图片已保存到下载文件夹',
]
const words = [
  'Open',
  'Save',
  'Cancel',
  'Apply',
  'Help',
  'Details',
  'Network',
  'Sound',
  'Display',
  'Privacy',
  'Accounts',
  'Search',
  'Storage',
  'Printers',
  'Language',
  'Updates',
  'Backup',
  'Keyboard',
  'Mouse',
  'Power',
]
const chineseWords = [
  '打开',
  '保存',
  '取消',
  '应用',
  '帮助',
  '网络',
  '声音',
  '显示',
  '隐私',
  '账户',
  '搜索',
  '存储',
  '语言',
  '更新',
  '备份',
  '键盘',
  '鼠标',
  '电源',
  '详情',
  '打印机',
]
const code = [
  'export function median(values: number[]): number {',
  '  const sorted = [...values].sort((a, b) => a - b)',
  '  return sorted[Math.floor(sorted.length / 2)]',
  '}',
  'if (request.method === "POST" && !token) {',
  // biome-ignore lint/suspicious/noTemplateCurlyInString: it is code to be read.
  '  throw new Error(`No token for ${request.url}`)',
  '}',
  'for (const [name, size] of entries) total += size',
]

const themes = {
  light: { page: '#f3f4f6', card: '#ffffff', ink: '#1c1f26', quiet: '#5b6472', line: '#d5d9e0', accent: '#1d5fd1' },
  dark: { page: '#17191e', card: '#22262e', ink: '#eceff4', quiet: '#a4adbb', line: '#363c47', accent: '#3b7dea' },
  tinted: { page: '#e8dcc8', card: '#f4ead6', ink: '#43301c', quiet: '#7a6246', line: '#d2bf9f', accent: '#93461e' },
}
type Theme = keyof typeof themes

interface Look {
  theme: Theme
  font: string
  size: number
  language: 'en' | 'zh'
}

const pick = <T>(list: readonly T[], index: number): T => list[index % list.length]!

function htmlDocument({ theme, font, size }: Look, body: string): string {
  const colours = themes[theme]
  return `<!doctype html><meta charset="utf-8"><style>
*{box-sizing:border-box;margin:0}
body{background:${colours.page};color:${colours.ink};font:${size}px/1.5 "${font}","Noto Sans CJK SC",sans-serif;width:100vw;height:100vh;overflow:hidden}
.row{display:flex;gap:1.5em}.card{background:${colours.card};border:1px solid ${colours.line};border-radius:8px;padding:1em}
.quiet{color:${colours.quiet}}.button{border:1px solid ${colours.line};border-radius:5px;padding:.25em 1.1em;background:${colours.card}}
.main{background:${colours.accent};color:#fff}h1{font-size:1.6em;font-weight:600}table{border-collapse:collapse;width:100%}
td,th{border:1px solid ${colours.line};padding:.3em .7em;text-align:left}pre{font:inherit;white-space:pre;font-variant-ligatures:none}
</style><body>${body}`
}

const escaped = (text: string) => text.replace(/[&<>"]/g, (sign) => `&#${sign.charCodeAt(0)};`)

/** A program's window: side bar, form, buttons; the sort of screen that is asked about most. */
function settingsWindow(look: Look): string {
  const sentences = look.language === 'zh' ? chinese : english
  const names = look.language === 'zh' ? chineseWords : words
  const side = names
    .slice(5, 15)
    .map((name) => `<p style="padding:.45em .6em">${name}</p>`)
    .join('')
  const fields = sentences
    .slice(0, 8)
    .map(
      (text, at) =>
        `<p style="margin:.9em 0">${escaped(text)}<br><span class="quiet">${escaped(pick(sentences, at + 5))}</span></p>`,
    )
    .join('')
  const buttons = names
    .slice(1, 4)
    .map((name, at) => `<span class="button ${at === 2 ? 'main' : ''}">${name}</span>`)
    .join('')
  return htmlDocument(
    look,
    `<div style="padding:40px 60px"><h1 style="margin-bottom:.6em">${pick(names, 11)} &amp; ${pick(names, 12)}</h1>
<div class="row"><div class="card" style="width:14em">${side}</div><div class="card" style="flex:1">${fields}
<div class="row" style="justify-content:flex-end">${buttons}</div></div></div></div>`,
  )
}

/** Two columns of running text. */
function article(look: Look): string {
  const sentences = look.language === 'zh' ? chinese : english
  const column = (from: number) =>
    Array.from(
      { length: 7 },
      (_, at) => `<p style="margin-bottom:.5em">${escaped(pick(sentences, from + at))}</p>`,
    ).join('')
  return htmlDocument(
    look,
    `<div style="padding:50px 90px"><h1 style="margin-bottom:.7em">${escaped(pick(sentences, 11))}</h1>
<div class="row" style="gap:4em"><div style="flex:1">${column(0)}</div><div style="flex:1">${column(7)}</div></div></div>`,
  )
}

function table(look: Look): string {
  const names = look.language === 'zh' ? chineseWords : words
  const rows = Array.from(
    { length: 9 },
    (_, row) =>
      `<tr>${[0, 1, 2, 3, 4].map((cell) => `<td>${cell === 3 ? `${(row + 1) * 137}.${row}0` : cell === 4 ? `2024-0${row + 1}-1${row % 10}` : pick(names, row * 3 + cell)}</td>`).join('')}</tr>`,
  )
  return htmlDocument(
    look,
    `<div style="padding:60px"><div class="card"><table><tr>${[6, 9, 12, 15, 18].map((at) => `<th>${pick(names, at)}</th>`).join('')}</tr>${rows.join('')}</table></div></div>`,
  )
}

function editor(look: Look): string {
  const rows = Array.from(
    { length: 16 },
    (_, row) =>
      `<div class="row"><span class="quiet" style="width:2em">${row + 1}</span><pre>${escaped(pick(code, row))}</pre></div>`,
  )
  return htmlDocument(look, `<div style="padding:24px">${rows.join('')}</div>`)
}

const builders = { settings: settingsWindow, article, table, editor }

/** Every look on 1920 x 1080: fonts, 11 to 32 px, themes, English and Chinese. */
export function pageDescriptions(): PageDescription[] {
  const fonts = ['DejaVu Sans', 'Open Sans', 'Liberation Serif', 'Roboto', 'Inter', 'Noto Sans']
  const sizes = [11, 12, 13, 14, 16, 20, 24, 32]
  const pages: PageDescription[] = []
  const kinds = ['settings', 'article', 'table'] as const
  let at = 0
  for (const language of ['en', 'zh'] as const) {
    for (const size of sizes) {
      const kind = pick(kinds, at)
      const theme = pick(['light', 'dark', 'tinted'] as const, at + Math.floor(at / 3))
      const look = { theme, size, language, font: language === 'zh' ? 'Noto Sans CJK SC' : pick(fonts, at) }
      pages.push({
        name: `${kind}-${language}-${size}-${theme}`,
        width: 1920,
        height: 1080,
        html: builders[kind](look),
      })
      at++
    }
  }
  for (const [theme, size] of [
    ['dark', 13],
    ['light', 14],
  ] as const) {
    const look = { theme, size, language: 'en' as const, font: 'JetBrains Mono' }
    pages.push({ name: `editor-en-${size}-${theme}`, width: 1920, height: 1080, html: editor(look) })
  }
  return pages
}

/** Draws pages in a browser and asks it where each line of text lies. */
export async function renderPages(descriptions: readonly PageDescription[]): Promise<RenderedPage[]> {
  const browser = await chromium.launch({
    executablePath: process.env.OWL_CHROMIUM ?? '/usr/bin/chromium',
    args: ['--no-sandbox'],
  })
  try {
    const page = await browser.newPage()
    const rendered: RenderedPage[] = []
    for (const { name, width, height, html } of descriptions) {
      await page.setViewportSize({ width, height })
      await page.setContent(html)
      // tsx marks functions with a helper that the page does not have.
      await page.evaluate('globalThis.__name = (named) => named')
      const lines = await page.evaluate(writtenLines)
      rendered.push({ name, width, height, png: await page.screenshot(), lines })
    }
    return rendered
  } finally {
    await browser.close()
  }
}

/** Runs in the page: text nodes cut where they wrap. */
function writtenLines(): RenderedPage['lines'] {
  const lines: RenderedPage['lines'] = []
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const text = node.textContent ?? ''
    let line: { text: string; left: number; top: number; right: number; bottom: number } | undefined
    const close = () => {
      if (line?.text.trim() && line.bottom <= innerHeight && line.right <= innerWidth) {
        lines.push({
          text: line.text.trim(),
          box: { left: line.left, top: line.top, width: line.right - line.left, height: line.bottom - line.top },
        })
      }
      line = undefined
    }
    for (let at = 0; at < text.length; at++) {
      const range = document.createRange()
      range.setStart(node, at)
      range.setEnd(node, at + 1)
      const rect = range.getClientRects()[0]
      if (!rect || rect.width === 0) continue
      if (line && Math.abs(rect.top - line.top) > rect.height / 2) close()
      line ??= { text: '', left: rect.left, top: rect.top, right: rect.right, bottom: rect.bottom }
      line.text += text[at]
      if (text[at]!.trim()) line.right = Math.max(line.right, rect.right)
    }
    close()
  }
  return lines
}
