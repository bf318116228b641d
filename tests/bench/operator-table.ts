import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { InferenceSession } from 'onnxruntime-node'
import { readManifest } from '../../native-models/install/installed-models.ts'
import { graphFiles } from '../../native-models/install/manifest.ts'
import { Decoder } from '../../src-main/inference/decoder.ts'
import { KvCache } from '../../src-main/inference/kv-cache.ts'
import type { BenchContext } from './measure.ts'

const past = 512
const steps = 20

interface Event {
  cat: string
  name: string
  dur: number
  args: { op_name?: string }
}

/**
 * Where the time of a token goes, operator by operator, as onnxruntime's profiler sees it. It adds some microseconds to
 * each node, so shares of small ones look larger than they are.
 */
export async function operatorTable({ modelFolder, threads }: BenchContext): Promise<string> {
  const config = (await readManifest(modelFolder)).config.decoder
  const folder = await mkdtemp(join(tmpdir(), 'owl-profile-'))
  try {
    const session = await InferenceSession.create(join(modelFolder, graphFiles.decoder), {
      ...(threads > 0 ? { intraOpNumThreads: threads } : {}),
      enableProfiling: true,
      profileFilePrefix: join(folder, 'profile'),
      logSeverityLevel: 3,
    })
    const decoder = new Decoder(session, config)
    const cache = new KvCache(config)
    const rows = Array.from({ length: past }, (_, row) => row)
    const positions = BigInt64Array.from(rows, BigInt)
    const textIds = BigInt64Array.from(rows, (row) => BigInt(300 + row))
    await decoder.runChunk({ rows, textIds, visualRows: new Float32Array(0), positions }, cache, [past - 1])
    for (let step = 0; step < steps; step++) await decoder.stepsToBest([300], cache)
    session.endProfiling()
    const [file] = await readdir(folder)
    return table(JSON.parse(await readFile(join(folder, file!), 'utf8')))
  } finally {
    await rm(folder, { recursive: true })
  }
}

function table(events: Event[]): string {
  // The prompt's run comes first and is another story.
  const runs = events.filter(({ name }) => name === 'model_run').slice(1)
  const kernels = events.filter(({ cat, name }) => cat === 'Node' && name.endsWith('_kernel_time'))
  const perRun = kernels.length / (runs.length + 1)
  const operators = new Map<string, { count: number; us: number }>()
  for (const { args, dur } of kernels.slice(perRun)) {
    const sums = operators.get(args.op_name ?? '') ?? { count: 0, us: 0 }
    operators.set(args.op_name ?? '', { count: sums.count + 1, us: sums.us + dur })
  }
  const total = [...operators.values()].reduce((sum, { us }) => sum + us, 0)
  const line = (name: string, count: string, us: string, share: string) =>
    `${name.padEnd(36)} ${count.padStart(8)} ${us.padStart(10)} ${share.padStart(7)}`
  return [
    line('operator', 'a token', 'us', 'share'),
    ...[...operators]
      .sort(([, a], [, b]) => b.us - a.us)
      .map(([name, { count, us }]) =>
        line(
          name,
          (count / runs.length).toFixed(0),
          (us / runs.length).toFixed(0),
          `${((us * 100) / total).toFixed(1)} %`,
        ),
      ),
  ].join('\n')
}
