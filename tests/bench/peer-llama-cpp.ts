/** A process that runs llama.cpp through node-llama-cpp, on demand. Installed by `peers.ts`; our types know nothing of it. */
import { pathToFileURL } from 'node:url'
import { answerTasks } from './decoder-peer.ts'
import type { DecoderTask } from './decoder-shapes.ts'

interface Sequence {
  clearHistory(): Promise<void>
  nextTokenIndex: number
  eraseContextTokenRanges(ranges: { start: number; end: number }[]): Promise<void>
  evaluateWithoutGeneratingNewTokens(tokens: number[]): Promise<void>
  evaluate(tokens: number[], options: object): AsyncIterable<number>
}

const [modulePath, modelPath, threads] = process.argv.slice(2)
const { getLlama, LlamaLogLevel } = await import(pathToFileURL(modulePath!).href)
const llama = await getLlama({ gpu: false, build: 'never', logLevel: LlamaLogLevel.error, maxThreads: Number(threads) })
const model = await llama.loadModel({ modelPath })
const context = await model.createContext({ contextSize: 1024, threads: Number(threads) })
const sequence: Sequence = context.getSequence()
const tokens = (count: number) => Array.from({ length: count }, (_, index) => 300 + index)

/** Runs rows and chooses one token after them, then one more for each further step. */
async function* generate(rows: number[]): AsyncIterable<void> {
  for await (const _ of sequence.evaluate(rows, { temperature: 0, yieldEogToken: true })) yield
}

answerTasks(async (task: DecoderTask) => {
  if (task.type === 'read') {
    await sequence.clearHistory()
    const start = performance.now()
    for await (const _ of generate(tokens(task.rows))) break
    return performance.now() - start
  }
  if (sequence.nextTokenIndex !== task.past) {
    await sequence.clearHistory()
    await sequence.evaluateWithoutGeneratingNewTokens(tokens(task.past))
  }
  let start = 0
  let made = 0
  for await (const _ of generate([300])) {
    if (made++ === 0) start = performance.now()
    if (made > task.steps) break
  }
  const ms = (performance.now() - start) / task.steps
  await sequence.eraseContextTokenRanges([{ start: task.past, end: sequence.nextTokenIndex }])
  return ms
})
