/**
 * Entry of the inference process, which holds one model and answers one request at a time. The same file runs as
 * Electron's utility process and as a forked Node process.
 */
import { OwlError } from '../../native-models/owl-error.ts'
import type { JobOptions } from '../../native-models/progress.ts'
import { analyseAttention } from './attention-analysis.ts'
import { generateTogether } from './batch-generation.ts'
import { probeDevice } from './device-probe.ts'
import { generate } from './generation.ts'
import { OwlPipeline } from './pipeline.ts'
import { prepare } from './preparation.ts'
import type { Command, LoadOptions, Reply } from './protocol.ts'
import { TextBatch } from './text-batch.ts'
import { TextReading } from './text-reading.ts'

type Work = Extract<Command, { type: 'load' | 'generate' | 'generate-together' | 'analyse' | 'prepare' | 'probe' }>

/** How Electron's utility processes talk; typed here, as Node's declarations do not know it. */
interface ParentPort {
  on(event: 'message', listener: (event: { data: Command }) => void): void
  postMessage(reply: Reply): void
}
const parentPort = (process as { parentPort?: ParentPort }).parentPort

interface Task {
  work: Work
  cancellation: AbortController
}

/** A person who asks at once does not wait for the warm-up. */
const idleBeforeWarmUpMs = 250

const waiting: Task[] = []
let running: Task | 'warm-up' | undefined
let pipeline: OwlPipeline | undefined
let isWarm = false
const reading = new TextReading(send)

function send(reply: Reply): void {
  if (parentPort) parentPort.postMessage(reply)
  else process.send?.(reply)
}

/** Pings and cancellations are answered at once, that is between two steps; the rest waits for its turn. */
function receive(command: Command): void {
  if (command.type === 'ping') {
    send({ type: 'pong', id: command.id, residentBytes: process.memoryUsage.rss() })
  } else if (command.type === 'read') {
    void reading.read(command)
  } else if (command.type === 'cancel') {
    reading.cancel(command.id)
    cancel(command.id)
  } else {
    stopPreparing()
    waiting.push({ work: command, cancellation: new AbortController() })
    void workThroughQueue()
  }
}

/** What somebody waits for comes before what may be asked next. */
function stopPreparing(): void {
  const task = withdraw(({ type }) => type === 'prepare')
  if (task) send({ type: 'prepared', id: task.work.id, rows: 0 })
}

function cancel(id: number): void {
  if (withdraw((work) => work.id === id))
    send({ type: 'failed', id, error: new OwlError('cancelled', 'Stopped before it began.').toMessage() })
}

/** Stops the work meant if it runs; if it waits, takes it out of the queue. @returns the task that waited */
function withdraw(isMeant: (work: Work) => boolean): Task | undefined {
  if (running && running !== 'warm-up' && isMeant(running.work)) running.cancellation.abort()
  const index = waiting.findIndex(({ work }) => isMeant(work))
  return index < 0 ? undefined : waiting.splice(index, 1)[0]
}

/** One at a time: the graphs' inputs and the caches are shared. */
async function workThroughQueue(): Promise<void> {
  if (running) return
  for (let task = waiting.shift(); task; task = waiting.shift()) {
    running = task
    const { work, cancellation } = task
    try {
      if (work.type === 'load') await load(work.id, work.options)
      else if (work.type === 'probe') await probe(work)
      else if (work.type === 'analyse') await analyse(work, cancellation.signal)
      else if (work.type === 'prepare') await lookAhead(work, cancellation.signal)
      else if (work.type === 'generate-together') await answerTogether(work, cancellation.signal)
      else await answer(work, cancellation.signal)
    } catch (error) {
      send({ type: 'failed', id: work.id, error: OwlError.from(error).toMessage() })
    }
    running = undefined
  }
  if (pipeline && !isWarm) setTimeout(warmUp, idleBeforeWarmUpMs)
}

/** A failure here would show again, with someone to tell, in the first answer. */
async function warmUp(): Promise<void> {
  if (!pipeline || isWarm || running) return
  isWarm = true
  running = 'warm-up'
  await pipeline.warmUp(() => waiting.length > 0).catch(() => {})
  running = undefined
  void workThroughQueue()
}

async function load(id: number, options: LoadOptions): Promise<void> {
  // Sessions that are released leak memory in onnxruntime: another model gets another process.
  if (pipeline) throw new OwlError('internal', 'A model was to be loaded into a process that holds one.')
  const start = performance.now()
  pipeline = await OwlPipeline.load(options, { onProgress: (progress) => send({ type: 'progress', id, progress }) })
  send({ type: 'loaded', id, model: pipeline.describe(performance.now() - start) })
}

async function probe({ id, device, numbers }: Extract<Work, { type: 'probe' }>): Promise<void> {
  send({ type: 'probed', id, speed: await probeDevice(device, numbers) })
}

async function analyse({ id, request }: Extract<Work, { type: 'analyse' }>, signal: AbortSignal): Promise<void> {
  if (!pipeline) throw new OwlError('model-not-loaded', 'No model is loaded.')
  const onProgress: JobOptions['onProgress'] = (progress) => send({ type: 'progress', id, progress })
  send({ type: 'analysed', id, analysis: await analyseAttention(pipeline, request, { signal, onProgress }) })
}

async function lookAhead({ id, messages }: Extract<Work, { type: 'prepare' }>, signal: AbortSignal): Promise<void> {
  if (!pipeline) throw new OwlError('model-not-loaded', 'No model is loaded.')
  send({ type: 'prepared', id, rows: await prepare(pipeline, messages, { signal }) })
}

async function answer({ id, request }: Extract<Work, { type: 'generate' }>, signal: AbortSignal): Promise<void> {
  if (!pipeline) throw new OwlError('model-not-loaded', 'No model is loaded.')
  const batch = new TextBatch((text) => send({ type: 'text', id, text }))
  try {
    const result = await generate(pipeline, request, {
      signal,
      onText: (text) => batch.add(text),
      onProgress: (progress) => send({ type: 'progress', id, progress }),
    })
    batch.flush()
    send({ type: 'generated', id, result })
  } catch (error) {
    batch.flush()
    throw error
  }
}

async function answerTogether(
  { id, requests }: Extract<Work, { type: 'generate-together' }>,
  signal: AbortSignal,
): Promise<void> {
  if (!pipeline) throw new OwlError('model-not-loaded', 'No model is loaded.')
  const texts = requests.map((_, request) => new TextBatch((text) => send({ type: 'text', id, text, request })))
  const outcomes = await generateTogether(pipeline, requests, {
    signal,
    onText: (request, text) => texts[request]!.add(text),
    onProgress: (progress) => send({ type: 'progress', id, progress }),
  })
  for (const text of texts) text.flush()
  send({ type: 'generated-together', id, outcomes })
}

if (parentPort) {
  parentPort.on('message', ({ data }) => receive(data))
} else {
  // Ctrl-C in a terminal reaches the whole group; the parent decides what is to be stopped.
  process.on('SIGINT', () => {})
  process.on('SIGTERM', () => {})
  process.on('message', (command) => receive(command as Command))
  // Without its parent it has nothing to do.
  process.on('disconnect', () => process.exit())
}
