import { open } from 'node:fs/promises'
import type { OwlConfig } from '../../native-models/mplug-owl2/config.ts'
import { toFloat16 } from '../../native-models/quantization/float16.ts'
import { noise } from './random-model.ts'

type DecoderConfig = OwlConfig['decoder']

/** Numbers of GGUF's types. */
const kinds = { uint32: 4, int32: 5, float32: 6, string: 8, array: 9 } as const
const tensorTypes = { f32: 0, q4: 2, q8: 8 } as const
const alignment = 32

interface Tensor {
  name: string
  type: keyof typeof tensorTypes
  rows: number
  columns: number
}

/**
 * Writes a LLaMA decoder of this shape with random weights as GGUF: matrices in Q4_0, embedding and output layer in
 * Q8_0 (ours have 8 bits there, too), norms of ones. Source: the GGUF specification in ggml's docs.
 */
export async function writeRandomGguf(path: string, config: DecoderConfig): Promise<void> {
  const tensors = tensorsOf(config)
  const header = new Writer()
  header.bytes(Buffer.from('GGUF'))
  header.uint32(3)
  header.uint64(tensors.length)
  const metadata = metadataOf(config)
  header.uint64(metadata.length)
  for (const write of metadata) write(header)
  let offset = 0
  for (const { name, type, rows, columns } of tensors) {
    header.string(name)
    const dims = rows === 1 ? [columns] : [columns, rows]
    header.uint32(dims.length)
    for (const size of dims) header.uint64(size)
    header.uint32(tensorTypes[type])
    header.uint64(offset)
    offset += aligned(bytesOfTensor(type, rows * columns))
  }
  const file = await open(path, 'w')
  try {
    const head = header.finish()
    await file.write(head)
    await file.write(Buffer.alloc(aligned(head.length) - head.length))
    for (const { type, rows, columns } of tensors) {
      const bytes = values(type, rows * columns)
      await file.write(bytes)
      await file.write(Buffer.alloc(aligned(bytes.length) - bytes.length))
    }
  } finally {
    await file.close()
  }
}

function tensorsOf(config: DecoderConfig): Tensor[] {
  const { width, layers, keyHeads, headWidth, ffnWidth, vocabulary, tiedEmbeddings } = config
  const norm = (name: string): Tensor => ({ name: `${name}.weight`, type: 'f32', rows: 1, columns: width })
  const matrix = (name: string, rows: number, columns: number, type: 'q4' | 'q8' = 'q4'): Tensor => ({
    name: `${name}.weight`,
    type,
    rows,
    columns,
  })
  return [
    matrix('token_embd', vocabulary, width, 'q8'),
    ...Array.from({ length: layers }, (_, layer) => `blk.${layer}`).flatMap((layer) => [
      norm(`${layer}.attn_norm`),
      matrix(`${layer}.attn_q`, width, width),
      matrix(`${layer}.attn_k`, keyHeads * headWidth, width),
      matrix(`${layer}.attn_v`, keyHeads * headWidth, width),
      matrix(`${layer}.attn_output`, width, width),
      norm(`${layer}.ffn_norm`),
      matrix(`${layer}.ffn_gate`, ffnWidth, width),
      matrix(`${layer}.ffn_up`, ffnWidth, width),
      matrix(`${layer}.ffn_down`, width, ffnWidth),
    ]),
    norm('output_norm'),
    ...(tiedEmbeddings ? [] : [matrix('output', vocabulary, width, 'q8')]),
  ]
}

function metadataOf(config: DecoderConfig): ((to: Writer) => void)[] {
  const number = (key: string, kind: 'uint32' | 'float32', value: number) => (to: Writer) => {
    to.string(key)
    to.uint32(kinds[kind])
    if (kind === 'uint32') to.uint32(value)
    else to.float32(value)
  }
  const text = (key: string, value: string) => (to: Writer) => {
    to.string(key)
    to.uint32(kinds.string)
    to.string(value)
  }
  const list = (key: string, kind: 'string' | 'float32' | 'int32', write: (to: Writer, id: number) => void) => {
    return (to: Writer) => {
      to.string(key)
      to.uint32(kinds.array)
      to.uint32(kinds[kind])
      to.uint64(config.vocabulary)
      for (let id = 0; id < config.vocabulary; id++) write(to, id)
    }
  }
  // Three control tokens, a token for each byte, and made-up words.
  const control = ['<unk>', '<s>', '</s>']
  const isByte = (id: number) => id >= 3 && id < 259
  const word = (id: number) =>
    control[id] ?? (isByte(id) ? `<0x${(id - 3).toString(16).toUpperCase().padStart(2, '0')}>` : `w${id}`)
  return [
    text('general.architecture', 'llama'),
    number('llama.block_count', 'uint32', config.layers),
    number('llama.context_length', 'uint32', config.context),
    number('llama.embedding_length', 'uint32', config.width),
    number('llama.feed_forward_length', 'uint32', config.ffnWidth),
    number('llama.attention.head_count', 'uint32', config.heads),
    number('llama.attention.head_count_kv', 'uint32', config.keyHeads),
    number('llama.attention.layer_norm_rms_epsilon', 'float32', config.eps),
    number('llama.rope.dimension_count', 'uint32', config.headWidth),
    number('llama.rope.freq_base', 'float32', config.ropeTheta),
    number('llama.vocab_size', 'uint32', config.vocabulary),
    text('tokenizer.ggml.model', 'llama'),
    list('tokenizer.ggml.tokens', 'string', (to, id) => to.string(word(id))),
    list('tokenizer.ggml.scores', 'float32', (to, id) => to.float32(-id)),
    list('tokenizer.ggml.token_type', 'int32', (to, id) => to.uint32(id === 0 ? 2 : id < 3 ? 3 : isByte(id) ? 6 : 1)),
    number('tokenizer.ggml.unknown_token_id', 'uint32', 0),
    number('tokenizer.ggml.bos_token_id', 'uint32', 1),
    number('tokenizer.ggml.eos_token_id', 'uint32', 2),
  ]
}

/** Blocks of 32 values: a half-float scale, then 4- or 8-bit codes. */
function bytesOfTensor(type: Tensor['type'], count: number): number {
  return type === 'f32' ? count * 4 : (count / 32) * (type === 'q4' ? 18 : 34)
}

function values(type: Tensor['type'], count: number): Uint8Array {
  if (type === 'f32') return new Uint8Array(new Float32Array(count).fill(1).buffer)
  const bytes = noise(bytesOfTensor(type, count))
  const size = type === 'q4' ? 18 : 34
  const [scale] = toFloat16(Float32Array.of(0.02 / (type === 'q4' ? 4.6 : 74)))
  for (let block = 0; block < bytes.length; block += size) {
    bytes[block] = scale! & 255
    bytes[block + 1] = scale! >> 8
  }
  return bytes
}

function aligned(bytes: number): number {
  return Math.ceil(bytes / alignment) * alignment
}

/** Little-endian values, one after another. */
class Writer {
  readonly #pieces: Buffer[] = []

  bytes(bytes: Buffer): void {
    this.#pieces.push(bytes)
  }

  uint32(value: number): void {
    const piece = Buffer.alloc(4)
    piece.writeUInt32LE(value)
    this.#pieces.push(piece)
  }

  uint64(value: number): void {
    const piece = Buffer.alloc(8)
    piece.writeBigUInt64LE(BigInt(value))
    this.#pieces.push(piece)
  }

  float32(value: number): void {
    const piece = Buffer.alloc(4)
    piece.writeFloatLE(value)
    this.#pieces.push(piece)
  }

  string(text: string): void {
    const bytes = Buffer.from(text)
    this.uint64(bytes.length)
    this.#pieces.push(bytes)
  }

  finish(): Buffer {
    return Buffer.concat(this.#pieces)
  }
}
