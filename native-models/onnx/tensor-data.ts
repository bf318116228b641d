/** Element types that the graphs use, by their ONNX names. */
export const elementTypes = {
  float32: { onnx: 1, bytes: 4 },
  uint8: { onnx: 2, bytes: 1 },
  int8: { onnx: 3, bytes: 1 },
  int32: { onnx: 6, bytes: 4 },
  int64: { onnx: 7, bytes: 8 },
  bool: { onnx: 9, bytes: 1 },
  float16: { onnx: 10, bytes: 2 },
} as const

export type ElementType = keyof typeof elementTypes

export interface TensorLayout {
  name: string
  type: ElementType
  shape: readonly number[]
}

/** Bytes that a tensor takes in a weight file. */
export function byteLength(layout: TensorLayout): number {
  return layout.shape.reduce((product, size) => product * size, elementTypes[layout.type].bytes)
}

/**
 * Tensors whose bytes are made while the model file is written, never all at once. Several tensors may come
 * from one reading of the source: the packed values, scales and zero points of a quantised matrix.
 */
export interface TensorData {
  tensors: readonly TensorLayout[]
  /** Weights of the checkpoint that the bytes come from. */
  sources?: readonly string[]
  /** Pieces of each tensor (an index into `tensors`) in order; pieces of different tensors may alternate. */
  pieces(): AsyncIterable<TensorPiece>
}

export interface TensorPiece {
  tensor: number
  bytes: Uint8Array
}

/** Of tensors whose bytes are not written with the graph, but lie in a file already or are made later. */
export async function* noPieces(): AsyncIterable<TensorPiece> {}

/** The bytes of a typed array, without a copy. */
export function bytesOf(values: ArrayBufferView): Uint8Array {
  return new Uint8Array(values.buffer, values.byteOffset, values.byteLength)
}
