import { randomBytes } from 'node:crypto'
import { copyFile, type FileHandle, mkdir, open, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { crc32 } from 'node:zlib'
import { expectedWeights } from '../../native-models/mplug-owl2/checkpoint-keys.ts'
import { readConfig } from '../../native-models/mplug-owl2/config.ts'
import { stateDictPickle, type TorchTensorEntry } from '../native-models/checkpoint/torch-archive.ts'
import { projectFolder } from './measure.ts'

const template = join(projectFolder, 'tests/fixtures/reference/tiny-32k')

export type CheckpointFormat = 'torch' | 'safetensors'

interface Weight {
  name: string
  shape: readonly number[]
}

/** Random half floats on a bell curve, from which every weight takes a stretch. */
const poolValues = 2 ** 22
/** As wide as trained weights of this size are, so that nothing overflows when the model runs. */
const deviation = 0.02

/**
 * Writes a checkpoint in the full shape of the published one (LLaMA-2-7B decoder with both modalities, ViT-L/14 at
 * 448, six-layer abstractor, 64 queries) with random weights as half floats, a shard for each decoder layer and one for
 * all else. Weights are made as they are written.
 * @returns number of weights, and their bytes
 */
export async function writeFullShape(
  folder: string,
  { layers, format }: { layers: number; format: CheckpointFormat },
): Promise<{ weights: number; bytes: number }> {
  await mkdir(folder, { recursive: true })
  const config = JSON.parse(await readFile(join(template, 'config.json'), 'utf8'))
  Object.assign(config, {
    hidden_size: 4096,
    intermediate_size: 11008,
    num_attention_heads: 32,
    num_key_value_heads: 32,
    num_hidden_layers: layers,
    max_position_embeddings: 4096,
  })
  const { visual_model: vision, visual_abstractor: abstractor } = config.visual_config
  Object.assign(vision, { hidden_size: 1024, intermediate_size: 4096, num_hidden_layers: 24, num_attention_heads: 16 })
  Object.assign(vision, { image_size: 448, patch_size: 14 })
  Object.assign(abstractor, { hidden_size: 1024, encoder_hidden_size: 1024, intermediate_size: 2816 })
  Object.assign(abstractor, { num_hidden_layers: 6, num_attention_heads: 16, num_learnable_queries: 64, grid_size: 32 })
  await writeFile(join(folder, 'config.json'), JSON.stringify(config))
  const picture = JSON.parse(await readFile(join(template, 'preprocessor_config.json'), 'utf8'))
  await writeFile(join(folder, 'preprocessor_config.json'), JSON.stringify({ ...picture, size: 448, crop_size: 448 }))
  for (const name of [
    'tokenizer.model',
    'tokenizer_config.json',
    'special_tokens_map.json',
    'generation_config.json',
  ]) {
    await copyFile(join(template, name), join(folder, name))
  }

  const shards = new Map<number, Weight[]>()
  const rest = layers
  for (const [name, { shape }] of expectedWeights(readConfig(config))) {
    const shard = Number(/^model\.layers\.(\d+)\./.exec(name)?.[1] ?? rest)
    shards.set(shard, [...(shards.get(shard) ?? []), { name, shape }])
  }
  const extension = format === 'torch' ? 'bin' : 'safetensors'
  const stem = format === 'torch' ? 'pytorch_model' : 'model'
  const places: Record<string, string> = {}
  const pool = bellCurvePool()
  for (const [shard, weights] of shards) {
    const file = `${stem}-${numbered(shard + 1)}-of-${numbered(layers + 1)}.${extension}`
    const handle = await open(join(folder, file), 'w')
    await (format === 'torch' ? writeTorch : writeSafetensors)(handle, weights, pool)
    await handle.close()
    for (const { name } of weights) places[name] = file
  }
  await writeFile(join(folder, `${stem}.${extension}.index.json`), JSON.stringify({ metadata: {}, weight_map: places }))
  const count = [...shards.values()].flat().reduce((sum, weight) => sum + valuesOf(weight), 0)
  return { weights: count, bytes: 2 * count }
}

const numbered = (number: number) => String(number).padStart(5, '0')
const valuesOf = ({ shape }: Weight) => shape.reduce((product, extent) => product * extent, 1)

function bellCurvePool(): Uint16Array {
  const bytes = randomBytes(poolValues * 4)
  const pool = new Uint16Array(poolValues)
  for (let i = 0; i < poolValues; i++) {
    let sum = -510
    for (let k = 0; k < 4; k++) sum += bytes[4 * i + k]!
    // The sum of four even numbers of 0 to 255 has a deviation of 147.8.
    pool[i] = halfBits((sum / 147.8) * deviation)
  }
  return pool
}

/** Of a value whose magnitude is that of a normal half float, cut to 11 bits; 0 for what is smaller. */
function halfBits(value: number): number {
  const magnitude = Math.abs(value)
  if (magnitude < 2 ** -14) return 0
  const exponent = Math.floor(Math.log2(magnitude))
  return (value < 0 ? 0x8000 : 0) | ((exponent + 15) << 10) | Math.floor((magnitude / 2 ** exponent - 1) * 1024)
}

/** The bytes of a weight, in pieces. Norms are near one, as trained ones are. */
function* piecesOf(weight: Weight, pool: Uint16Array): Iterable<Buffer> {
  const isNorm = /norm\d?k?\.weight$|layernorm\.weight$|multiway\.\d\.weight$|ffn_ln\.weight$/.test(weight.name)
  if (weight.shape.length === 1 && isNorm) {
    yield Buffer.from(new Uint16Array(valuesOf(weight)).fill(0x3c00).buffer)
    return
  }
  let at = Math.floor(Math.random() * poolValues)
  for (let left = valuesOf(weight); left > 0; at = 0) {
    const piece = pool.subarray(at, Math.min(poolValues, at + left))
    yield Buffer.from(piece.buffer, piece.byteOffset, piece.byteLength)
    left -= piece.length
  }
}

async function writeSafetensors(handle: FileHandle, weights: Weight[], pool: Uint16Array): Promise<void> {
  const header: Record<string, unknown> = {}
  let end = 0
  for (const weight of weights) {
    const begin = end
    end += 2 * valuesOf(weight)
    header[weight.name] = { dtype: 'F16', shape: weight.shape, data_offsets: [begin, end] }
  }
  const text = Buffer.from(JSON.stringify(header))
  const length = Buffer.alloc(8)
  length.writeBigUInt64LE(BigInt(text.length))
  await handle.writeFile(Buffer.concat([length, text]))
  for (const weight of weights) for (const piece of piecesOf(weight, pool)) await handle.writeFile(piece)
}

/** A zip archive as torch.save writes it; below 4 GB, so without zip64. */
async function writeTorch(handle: FileHandle, weights: Weight[], pool: Uint16Array): Promise<void> {
  const tensors: Record<string, TorchTensorEntry> = {}
  for (const [key, weight] of weights.entries()) {
    const length = valuesOf(weight)
    tensors[weight.name] = { storage: 'HalfStorage', length, key: String(key), shape: [...weight.shape] }
  }
  const directory: Buffer[] = []
  let end = 0
  const add = async (name: string, pieces: readonly Buffer[]) => {
    const bytes = pieces.reduce((sum, piece) => sum + piece.length, 0)
    const fields = Buffer.alloc(26)
    fields.writeUInt32LE(
      pieces.reduce((crc, piece) => crc32(piece, crc), 0),
      10,
    )
    fields.writeUInt32LE(bytes, 14)
    fields.writeUInt32LE(bytes, 18)
    fields.writeUInt16LE(name.length, 22)
    const central = Buffer.alloc(14)
    central.writeUInt32LE(end, 10)
    directory.push(Buffer.from('PK\x01\x02\x14\x00', 'latin1'), fields, central, Buffer.from(name))
    const local = Buffer.concat([Buffer.from('PK\x03\x04'), fields, Buffer.from(name)])
    await handle.writeFile(local)
    for (const piece of pieces) await handle.writeFile(piece)
    end += local.length + bytes
  }
  await add('archive/data.pkl', [stateDictPickle(tensors)])
  for (const [key, weight] of weights.entries()) await add(`archive/data/${key}`, [...piecesOf(weight, pool)])
  await add('archive/version', [Buffer.from('3\n')])
  const directoryBytes = Buffer.concat(directory)
  const tail = Buffer.alloc(22)
  tail.write('PK\x05\x06', 'latin1')
  tail.writeUInt16LE(weights.length + 2, 8)
  tail.writeUInt16LE(weights.length + 2, 10)
  tail.writeUInt32LE(directoryBytes.length, 12)
  tail.writeUInt32LE(end, 16)
  await handle.writeFile(Buffer.concat([directoryBytes, tail]))
}
