import { absenceAsks } from './absence.ts'
import { buttonPresence, layButtons } from './dialog.ts'
import type { Drawing, Studio } from './kind.ts'
import { type Ask, indefinite, yesNo } from './questions.ts'
import { capitalised } from './vocabulary.ts'
import { windowAsks } from './window-asks.ts'
import { drawWindow, windowText } from './window-frame.ts'

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

/** A window that shows how far a task is. */
export function progressDialog({ random, split, vocabulary, picture }: Studio): Drawing {
  const scene = picture()
  const frame = drawWindow(random, scene, split, vocabulary.title(random), {
    minWidth: 180,
    minHeight: 92,
    maxHeight: 140,
  })
  const style = windowText(frame)
  const task = random.pick(TASKS)
  let message = `${task} ${vocabulary.fileName(random)}`
  while (scene.measure(message, style) > frame.w - 20) message = `${task} ${vocabulary.word(random)}`
  scene.text(message, frame.x + 10, frame.y + 20, style)
  const done = random.chance(0.1) ? 100 : random.pick([random.integer(2, 46), random.integer(54, 98)])
  const x = frame.x + 10
  const w = frame.w - 54
  const h = random.integer(8, 14)
  const y = frame.y + 30
  scene.panel(x, y, w, h, { radius: h / 2, fill: frame.dark ? '#3d3d3d' : '#d9d9d9' })
  scene.panel(x, y, Math.max(h, (w * done) / 100), h, { radius: h / 2, fill: frame.accent })
  scene.box('progress', `${done}%`, x, y, w, h)
  scene.text(`${done}%`, x + w + 6, y + h / 2 + style.px * 0.36, style)
  const buttons = vocabulary.buttons(random, random.integer(1, 2))
  layButtons(random, scene, frame, buttons, -1, 21)
  const asks: Ask[] = [
    {
      kind: 'progress',
      wording: 'progress',
      answer: `${done}%`,
      accepted: [`${done}`, `${done} %`, `${done} percent`],
      sentence: `It is at ${done}%.`,
    },
    { kind: 'message', wording: 'message', answer: message, sentence: `The message says "${message}".` },
    yesNo('progress', 'progress-half', '', done > 50, `it is at ${done}%`, `it is at ${done}%`),
    buttonPresence(random, vocabulary, buttons),
    ...windowAsks(frame),
    ...absenceAsks(random, ['window', 'button', 'text']),
  ]
  const theme = frame.dark ? 'dark' : 'light'
  const caption = `${capitalised(indefinite(theme))} window titled "${frame.title}" that says "${message}" with a progress bar at ${done}%.`
  asks.push({ kind: 'caption', wording: 'caption', answer: caption, sentence: caption })
  return { caption, facts: ['window', theme, 'progress', ...buttons.map((text) => text.toLowerCase())], asks }
}
