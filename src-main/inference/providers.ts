import type { NumberType } from '../../native-models/onnx/device-operators.ts'

/** Where graphs can run besides the processor, by the runtime's own names. */
export type GpuProvider = 'webgpu' | 'cuda' | 'dml' | 'coreml'
export type Device = 'cpu' | GpuProvider

interface ProviderInfo {
  title: string
  /** Platforms whose package of the runtime has it. */
  platforms: readonly NodeJS.Platform[]
  /**
   * What runs there. Node's binding keeps a tensor on the device for WebGPU only; elsewhere the whole cache would
   * cross at every step, so the decoder stays on the processor.
   */
  runs: 'everything' | 'pictures'
}

/** In the order of preference: what runs everything first. A provider is offered only where its probe passed. */
export const providers: Record<GpuProvider, ProviderInfo> = {
  webgpu: { title: 'GPU (WebGPU)', platforms: ['linux', 'darwin', 'win32'], runs: 'everything' },
  cuda: { title: 'NVIDIA GPU (CUDA)', platforms: ['linux'], runs: 'pictures' },
  dml: { title: 'GPU (DirectML)', platforms: ['win32'], runs: 'pictures' },
  coreml: { title: 'Apple GPU and Neural Engine (CoreML)', platforms: ['darwin'], runs: 'pictures' },
}

export const gpuProviders = Object.keys(providers) as GpuProvider[]

/** Where and how the graphs are run. */
export interface Execution {
  device: Device
  /** Numbers that a GPU computes with; the processor takes float32. */
  numbers: NumberType
  /**
   * Whether attention of many new rows at once is right on the device. The runtime's kernel for that takes threads to
   * work in groups of 16 at least, and is wrong, without an error, on drivers where they are fewer.
   */
  longAttention: boolean
  /** Threads within an operator; 0 leaves it to the runtime (one for each physical core). */
  threads: number
}

/** New rows at a time that attention is right for on every device: with more, the runtime takes another kernel. */
export const shortAttentionRows = 31

/** Bytes of the largest tensor that a probe makes on a device: models of today need none larger. */
export const largestTriedTensor = 2 ** 30
