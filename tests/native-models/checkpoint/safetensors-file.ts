export interface TensorEntry {
  dtype: string
  shape: number[]
  data_offsets: [number, number]
}

/** A safetensors file with this header, valid or not, and these bytes of values. */
export function safetensorsFile(header: string | Record<string, unknown>, values: Uint8Array): Buffer {
  const text = Buffer.from(typeof header === 'string' ? header : JSON.stringify(header))
  const length = Buffer.alloc(8)
  length.writeBigUInt64LE(BigInt(text.length))
  return Buffer.concat([length, text, values])
}

/** A valid file of float32 tensors. */
export function float32File(tensors: Record<string, { shape: number[]; values: number[] }>): Buffer {
  const header: Record<string, TensorEntry> = {}
  const values: number[] = []
  for (const [name, tensor] of Object.entries(tensors)) {
    const begin = values.length * 4
    values.push(...tensor.values)
    header[name] = { dtype: 'F32', shape: tensor.shape, data_offsets: [begin, values.length * 4] }
  }
  return safetensorsFile(header, new Uint8Array(new Float32Array(values).buffer))
}
