import type { Manifest } from '../../native-models/install/manifest.ts'
import type { NumberType } from '../../native-models/onnx/device-operators.ts'
import type { ErrorMessage } from '../../native-models/owl-error.ts'
import type { Progress } from '../../native-models/progress.ts'
import type { PictureText } from '../../native-models/text-reader/text-reader.ts'
import type { DeviceSpeed } from './device-probe.ts'
import type { Device } from './providers.ts'

/** A picture as the inference process gets it: its content hash and where its bytes are. */
export interface PictureInput {
  /** sha-256 of the file's bytes, hexadecimal; visual rows are kept under it. */
  hash: string
  /** For messages to people. */
  name: string
  /** Absolute path of the file, or its bytes. */
  source: { path: string } | { bytes: Uint8Array }
}

export type MessagePart = { type: 'text'; text: string } | { type: 'picture'; picture: PictureInput }

/** One turn of a conversation. Text is always plain text: nothing in it becomes a control token. */
export interface Message {
  role: 'system' | 'user' | 'assistant'
  parts: MessagePart[]
}

/** How tokens are chosen. */
export interface SamplingOptions {
  /** 0 takes the most probable token each time (greedy). */
  temperature: number
  /** 0 switches it off. */
  topK: number
  /** 1 switches it off. */
  topP: number
  /** 0 switches it off. */
  minP: number
  /** 1 switches it off. */
  repetitionPenalty: number
  /** The same seed draws the same from the same numbers of the model; left out, each answer differs. */
  seed?: number
  maxTokens: number
  stopTexts: string[]
}

export const greedy: SamplingOptions = {
  temperature: 0,
  topK: 0,
  topP: 1,
  minP: 0,
  repetitionPenalty: 1,
  maxTokens: 512,
  stopTexts: [],
}

export type { Device } from './providers.ts'

export interface LoadOptions {
  /** Absolute path of an installed model's folder. */
  folder: string
  device: 'auto' | Device
  /** Numbers that a GPU computes with; float32 where left out. */
  numbers?: NumberType
  /** Whether attention of many rows at once is right there; no where left out. */
  longAttention?: boolean
  /** Threads within an operator; 0 leaves it to the runtime. */
  threads: number
  /**
   * Whether many questions are to come: prompts are made faster where the processor allows it, and loading takes one to
   * three seconds longer. It is chosen here, as such prompts are rounded differently: a question asked again right away
   * has the same answer as long as a model is loaded.
   */
  manyQuestions?: boolean
}

export interface LoadedModel {
  name: string
  title: string
  device: Device
  /** Rows (text and visual) that a conversation may hold. */
  contextRows: number
  /** Visual rows of one picture. */
  pictureRows: number
  loadMs: number
  /** Whether prompts go through products of bytes. */
  bytePrompts: boolean
  /** Why the processor took the place of the GPU that was chosen, where the person has agreed to that. */
  insteadOfGpu?: string
}

export interface GenerationRequest {
  messages: Message[]
  sampling: SamplingOptions
  /**
   * Oldest messages (a system text apart) that were left out before, as the context was full. Where it is given, more
   * may be left out, and the result tells how many; otherwise a conversation that does not fit is refused.
   */
  leftOut?: number
}

export type FinishReason = 'stop' | 'stop-text' | 'length' | 'cancelled'

export interface GenerationStats {
  device: Device
  /** Rows of the prompt, visual ones included, and how many of them were already in the cache. */
  promptRows: number
  visualRows: number
  cachedRows: number
  contextRows: number
  tokens: number
  pictureMs: number
  prefillMs: number
  firstTokenMs: number
  totalMs: number
  tokensPerSecond: number
  /** Runs of the decoder after the prompt: fewer than tokens where an answer quotes the conversation. */
  runs: number
  /** Oldest messages that the model was not given, as its context is full. */
  leftOut?: number
}

export interface GenerationResult {
  text: string
  finish: FinishReason
  stats: GenerationStats
}

/** How one of several requests that were answered together ended. */
export type BatchOutcome = { result: GenerationResult; error?: undefined } | { error: ErrorMessage; result?: undefined }

/** Asks where the model looked when it wrote characters [from, to) of the last message, an answer. */
export interface AnalysisRequest {
  messages: Message[]
  from: number
  to: number
}

export interface AttentionAnalysis {
  /** The tokens that wrote the characters. */
  tokens: string[]
  /** For each layer, the part of the attention that went to rows of pictures, 0 to 1; the rest went to text. */
  layers: { visual: number }[]
  /** For each picture and layer, attention to its patches, [side, side]; all of them add up to less than `visual`. */
  pictures: { hash: string; name: string; side: number; fit: Manifest['picture']['fit']; heat: Float32Array[] }[]
}

/** What the client sends to the inference process. */
export type Command =
  | { type: 'load'; id: number; options: LoadOptions }
  | { type: 'generate'; id: number; request: GenerationRequest }
  | { type: 'generate-together'; id: number; requests: GenerationRequest[] }
  | { type: 'analyse'; id: number; request: AnalysisRequest }
  /** Looks at the pictures of a question that is being written; gives way to whatever comes next. */
  | { type: 'prepare'; id: number; messages: Message[] }
  /** Reads what is written in a picture; to a process that holds no model. */
  | { type: 'read'; id: number; picture: PictureInput; threads: number }
  | { type: 'probe'; id: number; device: Device; numbers: NumberType }
  | { type: 'cancel'; id: number }
  | { type: 'ping'; id: number }

/** What the inference process answers. `id` is that of the command, `request` the number of one among several. */
export type Reply =
  | { type: 'loaded'; id: number; model: LoadedModel }
  | { type: 'progress'; id: number; progress: Progress }
  | { type: 'text'; id: number; text: string; request?: number }
  | { type: 'generated'; id: number; result: GenerationResult }
  | { type: 'generated-together'; id: number; outcomes: BatchOutcome[] }
  | { type: 'analysed'; id: number; analysis: AttentionAnalysis }
  /** `rows` of the conversation that are in its cache, 0 where there was no time for any. */
  | { type: 'prepared'; id: number; rows: number }
  | { type: 'read'; id: number; text: PictureText }
  | { type: 'probed'; id: number; speed: DeviceSpeed }
  | { type: 'failed'; id: number; error: ErrorMessage }
  | { type: 'pong'; id: number; residentBytes: number }
