import type { AnswerStats, CallInput, Model, ModelState, Picture, WindowApi } from '../../src-main/ipc/contract.ts'

/**
 * Stands in for main while the window is being worked on: `npx vite -c tests/renderer/development.config.ts`.
 * It answers by a fixed script; in the address, `?model=failed`, `?model=loading`, `?model=none` and `?answer=failed`
 * show those states. Not part of the product and not used by its tests.
 */
const wanted = new URLSearchParams(location.search)
const listeners = new Map<string, Set<(payload: never) => void>>()
const running = new Map<string, boolean>()

const models: Model[] = [
  {
    name: 'owl-mini',
    title: 'Owl Mini',
    description:
      'A small model made for windows, charts and icons. It reads short text, counts and finds; it is often wrong about photos.',
    licence: 'Apache-2.0',
    bytes: 118e6,
    embedded: true,
    source: { kind: 'embedded', location: 'native-models/owl-mini' },
    precision: { decoder: 'mixed' },
    memory: { cpu: 9e8, webgpu: 8e8 },
    damaged: false,
  },
  {
    name: 'mplug-owl2',
    title: 'mPLUG-Owl2 8.2B',
    description: 'The published model, 4-bit. Sees photos as well; needs 8 GB of memory.',
    licence: 'Apache-2.0',
    bytes: 4.9e9,
    embedded: false,
    source: { kind: 'folder', location: '/checkpoints/owl' },
    precision: { decoder: 'int4' },
    memory: { cpu: 7e9, webgpu: 6e9 },
    damaged: false,
  },
]

let state = startState()

function startState(): ModelState {
  const name = 'owl-mini'
  switch (wanted.get('model')) {
    case 'none':
      return { state: 'none' }
    case 'loading':
      return { state: 'loading', name }
    case 'failed': {
      const message = 'The file decoder.onnx.data of Owl Mini has 12 345 bytes; 98 304 000 were expected.'
      const hint = 'Verify it with `owl models verify`, then remove and install it again.'
      return { state: 'failed', name, error: { code: 'model-damaged', message, hint } }
    }
    default:
      return ready(name)
  }
}

function ready(name: string): ModelState {
  const title = models.find((model) => model.name === name)?.title ?? name
  return { state: 'ready', name, title, device: 'cpu', contextRows: 2048, pictureRows: 65, loadMs: 900 }
}

const script = `The window asks whether to **save the changes** to \`report.odt\` before closing.

| Button | What it does |
| --- | --- |
| Save | keeps the changes |
| Discard | loses them |
| Cancel | goes back to the document |

1. *Save* is the default: it has the blue frame.
2. The icon is a yellow **warning** triangle.

\`\`\`python
if document.changed:
    ask("Save changes?")  # three buttons
\`\`\`

See [the manual](https://example.org/manual/saving?chapter=3), ![a chart](https://example.org/chart.png) and <b>raw HTML</b>.`

function emit(event: string, payload: unknown) {
  for (const listener of listeners.get(event) ?? []) listener(payload as never)
}

const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))

async function answer(requestId: string, pictures: number) {
  running.set(requestId, true)
  for (let done = 0; done < pictures; done++) {
    emit('answer.progress', { requestId, stage: 'looking', done, total: pictures, unit: 'items' })
    await sleep(400)
  }
  for (let done = 0; done < 600; done += 200) {
    emit('answer.progress', { requestId, stage: 'reading', done, total: 600, unit: 'rows' })
    await sleep(250)
  }
  const pieces = script.match(/\s*\S{1,6}/g) ?? []
  let tokens = 0
  for (const text of pieces) {
    if (!running.get(requestId)) break
    if (wanted.get('answer') === 'failed' && tokens > 20) {
      const message = 'The model process ended unexpectedly (signal SIGKILL).'
      const hint = 'The model process was started again: ask once more.'
      return emit('answer.failed', { requestId, error: { code: 'inference-crashed', message, hint } })
    }
    tokens += 1
    emit('answer.text', { requestId, text })
    await sleep(Number(wanted.get('pace') ?? 30))
  }
  const stats: AnswerStats = {
    device: 'cpu',
    promptRows: 65 * pictures + 40,
    visualRows: 65 * pictures,
    cachedRows: 0,
    contextRows: 2048,
    tokens,
    pictureMs: 180,
    prefillMs: 240,
    firstTokenMs: 512,
    totalMs: tokens * 30,
    tokensPerSecond: 31.4,
  }
  emit('answer.finished', { requestId, finish: running.get(requestId) ? 'stop' : 'cancelled', stats })
}

async function addPicture({ name, bytes }: CallInput<'pictures.add'>): Promise<Picture> {
  if (bytes.byteLength === 0) {
    throw { code: 'picture-empty', message: `${name} is empty.`, hint: 'Save or export the picture again.' }
  }
  const body = new Blob([new Uint8Array(bytes)])
  const bitmap = await createImageBitmap(body).catch(() => {
    const hint = 'Open it in an image program and save it as PNG or JPEG.'
    throw { code: 'picture-unreadable', message: `${name} cannot be read: it ends too early.`, hint }
  })
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', new Uint8Array(bytes)))
  const hash = Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('')
  await fetch(`attachments/${hash}`, { method: 'PUT', body })
  return { hash, name, width: bitmap.width, height: bitmap.height, bytes: bytes.byteLength }
}

async function call(name: string, input: never): Promise<unknown> {
  switch (name) {
    case 'models.list':
      return models
    case 'models.state':
      return state
    case 'models.load': {
      const { name } = input as CallInput<'models.load'>
      emit('models.changed', { state: 'loading', name })
      await sleep(2500)
      state = ready(name)
      emit('models.changed', state)
      return state
    }
    case 'pictures.add':
      return addPicture(input)
    case 'chats.ask': {
      const { answerId, pictures } = input as CallInput<'chats.ask'>
      void answer(answerId, pictures.length)
      return {}
    }
    case 'chats.answerAgain':
      void answer((input as CallInput<'chats.answerAgain'>).answerId, 0)
      return {}
    case 'history.folders':
      return []
    case 'history.list':
      return { chats: [] }
    case 'chats.stop':
      running.set((input as CallInput<'chats.stop'>).answerId, false)
      return {}
    default:
      return { name: 'Owl Desktop', version: '0.0.0', shell: 'browser' }
  }
}

window.api = {
  call: call as WindowApi['call'],
  on(name, listener) {
    const set = listeners.get(name) ?? new Set()
    listeners.set(name, set.add(listener as (payload: never) => void))
    return () => set.delete(listener as (payload: never) => void)
  },
}
