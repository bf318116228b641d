import { availableParallelism } from 'node:os'
import type { WeightInfo } from '../checkpoint/checkpoint.ts'
import { deleteUsed } from '../checkpoint/used-shard.ts'
import { expectedWeights } from '../mplug-owl2/checkpoint-keys.ts'
import { buildGraphs, type GraphName } from '../mplug-owl2/write-graphs.ts'
import type { GraphBuilder } from '../onnx/graph-builder.ts'
import { weightBytes, writeModelFile } from '../onnx/model-file.ts'
import type { TensorData } from '../onnx/tensor-data.ts'
import type { JobOptions } from '../progress.ts'
import { QuantizerPool } from '../quantization/quantizer-pool.ts'
import { isThreadable, threadedPieces } from '../quantization/threaded-pieces.ts'
import { WeightChecks } from '../quantization/weight-checks.ts'
import type { InstallJournal } from './install-journal.ts'
import { graphFiles, type Manifest } from './manifest.ts'
import type { SourceCheckpoint } from './source-checkpoint.ts'

/** Below this a thread takes longer to start than it saves. */
const worthThreads = 2 ** 26
/** More than these wait for the disk. */
const mostThreads = 8

export interface ConversionOptions {
  journal: InstallJournal
  precision: Manifest['precision']
  maxFileBytes: number
  /** Those that are not written yet, in the order in which they will be. */
  graphs: readonly GraphName[]
  threads?: number
  deleteUsed?: boolean
}

/**
 * Writes the graphs of a model from its checkpoint, each weight read once: threads quantise, this one writes. What is
 * written is noted every 64 MiB, so that little is lost when it is stopped or killed.
 */
export class Conversion {
  readonly #source: SourceCheckpoint
  readonly #options: ConversionOptions
  readonly #graphs: ReadonlyMap<GraphName, GraphBuilder>
  readonly #pool: QuantizerPool | undefined
  readonly #deleted = new Set<string>()
  #before = 0

  constructor(source: SourceCheckpoint, options: ConversionOptions) {
    this.#source = source
    this.#options = options
    const { graphs, precision, threads } = options
    const names = Object.keys(graphFiles) as GraphName[]
    const builders = buildGraphs(source.checkpoint, source.config, { precision, graphs: names })
    const all = new Map(names.map((graph, index) => [graph, builders[index]!]))
    this.#graphs = new Map(graphs.map((graph) => [graph, all.get(graph)!]))
    // By the whole model and not by what is left of it: what threads check while they convert was checked by nothing
    // before, so a go that continues needs them as the first one did.
    const wanted = threads ?? (bytesOf(all) < worthThreads ? 0 : Math.min(mostThreads, availableParallelism()))
    this.#pool = wanted > 0 && graphs.length > 0 ? new QuantizerPool(wanted) : undefined
  }

  /** Bytes of the weights of the graphs that are not written yet. */
  get bytesToWrite(): number {
    return bytesOf(this.#graphs)
  }

  /** Reads the weights that are not checked while they are converted. @throws OwlError `checkpoint-damaged` */
  async check(job: JobOptions): Promise<void> {
    const { checkpoint, config } = this.#source
    const inFlight = new Set(this.#threadable().flatMap(({ sources = [] }) => sources))
    const needed = [...expectedWeights(config).keys()].filter((weight) => checkpoint.weights.has(weight))
    await checkpoint.verify(
      needed.filter((weight) => !inFlight.has(weight)),
      job,
    )
  }

  /** @returns names of the files written */
  async write(name: GraphName, { signal, onProgress }: JobOptions): Promise<readonly string[]> {
    const { checkpoint } = this.#source
    const { journal, maxFileBytes } = this.#options
    const graph = this.#graphs.get(name)!
    const folder = journal.folder
    const checks = new WeightChecks()
    const pool = this.#pool
    const total = this.bytesToWrite
    const before = this.#before
    const files = await writeModelFile(
      graph,
      {
        folder,
        maxFileBytes,
        pieces: (data) =>
          pool && isThreadable(data, checkpoint) ? threadedPieces(data, checkpoint, pool, checks) : data.pieces(),
        continuation: {
          finished: journal.partsOf(name),
          save: async (finished) => {
            await journal.savePart(name, finished, `${graph.name}.`)
            await this.#deleteUsed(name, finished, checks)
          },
        },
      },
      {
        signal,
        onProgress: ({ done }) =>
          onProgress?.({ stage: `writing ${graph.name}`, done: before + done, total, unit: 'bytes' }),
      },
    )
    // A weight whose rows were read partly in an earlier go has been checked in neither.
    await checkpoint.verify(checks.unfinished, { signal })
    await this.#deleteUsed(name, graph.weights.length, new WeightChecks())
    this.#before += weightBytes(graph)
    return files
  }

  async close(): Promise<void> {
    await this.#pool?.close()
  }

  #threadable(): TensorData[] {
    if (!this.#pool) return []
    const { checkpoint } = this.#source
    return [...this.#graphs.values()].flatMap(({ weights }) => weights.filter((data) => isThreadable(data, checkpoint)))
  }

  /** Deletes the weight files that nothing needs any more, where that was asked for. */
  async #deleteUsed(name: GraphName, finished: number, checks: WeightChecks): Promise<void> {
    if (!this.#options.deleteUsed) return
    const { checkpoint } = this.#source
    const names = [...this.#graphs.keys()]
    const rest = [
      ...this.#graphs.get(name)!.weights.slice(finished),
      ...names.slice(names.indexOf(name) + 1).flatMap((later) => this.#graphs.get(later)!.weights),
    ]
    const needed = new Set([...rest.flatMap(({ sources = [] }) => sources), ...checks.unfinished])
    const weightsOf = new Map<string, WeightInfo[]>()
    for (const weight of checkpoint.weights.values()) {
      const path = checkpoint.place?.(weight.name)?.path
      if (path !== undefined) weightsOf.set(path, [...(weightsOf.get(path) ?? []), weight])
    }
    for (const [path, weights] of weightsOf) {
      if (this.#deleted.has(path) || weights.some((weight) => needed.has(weight.name))) continue
      this.#deleted.add(path)
      await deleteUsed(path, weights)
    }
  }
}

function bytesOf(graphs: ReadonlyMap<GraphName, GraphBuilder>): number {
  return [...graphs.values()].reduce((sum, graph) => sum + weightBytes(graph), 0)
}
