import protobuf from 'protobufjs/light.js'
import { OwlError } from '../owl-error.ts'

export type PieceType = 'normal' | 'unknown' | 'control' | 'user-defined' | 'unused' | 'byte'

export interface Piece {
  text: string
  /** Log probability (unigram), or minus the order of merging (BPE). */
  score: number
  type: PieceType
}

/** What a SentencePiece `tokenizer.model` holds, as far as text is concerned. A piece's id is its index. */
export interface SentencePieceModel {
  kind: 'unigram' | 'bpe' | 'word' | 'char'
  pieces: Piece[]
  /** Characters without a piece become `<0x00>`..`<0xFF>`. */
  byteFallback: boolean
  /** Name of the normalisation rule: `identity`, `nfkc`, `nmt_nfkc`, `nfkc_cf`, `nmt_nfkc_cf` or `user_defined`. */
  normaliser: string
  /** A space is put before the text. */
  dummyPrefix: boolean
  /** Spaces at both ends go, and runs of spaces become one. */
  removeExtraSpaces: boolean
  /** A space becomes U+2581. */
  escapeSpaces: boolean
  /** Spaces belong to the end of a word, not to its start. */
  spaceAsSuffix: boolean
}

// The fields in use, numbered as in sentencepiece_model.proto.
const modelProto = protobuf.Root.fromJSON({
  nested: {
    Model: {
      fields: {
        pieces: { rule: 'repeated', type: 'Piece', id: 1 },
        trainerSpec: { type: 'TrainerSpec', id: 2 },
        normalizerSpec: { type: 'NormalizerSpec', id: 3 },
      },
    },
    Piece: {
      fields: {
        piece: { type: 'string', id: 1 },
        score: { type: 'float', id: 2 },
        type: { type: 'int32', id: 3, options: { default: 1 } },
      },
    },
    TrainerSpec: {
      fields: {
        modelType: { type: 'int32', id: 3, options: { default: 1 } },
        treatWhitespaceAsSuffix: { type: 'bool', id: 24 },
        byteFallback: { type: 'bool', id: 35 },
      },
    },
    NormalizerSpec: {
      fields: {
        name: { type: 'string', id: 1 },
        addDummyPrefix: { type: 'bool', id: 3, options: { default: true } },
        removeExtraWhitespaces: { type: 'bool', id: 4, options: { default: true } },
        escapeWhitespaces: { type: 'bool', id: 5, options: { default: true } },
      },
    },
  },
}).lookupType('Model')

const modelKinds: Record<number, SentencePieceModel['kind']> = { 1: 'unigram', 2: 'bpe', 3: 'word', 4: 'char' }
const pieceTypes: Record<number, PieceType> = {
  1: 'normal',
  2: 'unknown',
  3: 'control',
  4: 'user-defined',
  5: 'unused',
  6: 'byte',
}

interface ModelMessage {
  pieces: { piece: string; score: number; type: number }[]
  trainerSpec: { modelType: number; byteFallback: boolean; treatWhitespaceAsSuffix: boolean } | null
  normalizerSpec: {
    name: string
    addDummyPrefix: boolean
    removeExtraWhitespaces: boolean
    escapeWhitespaces: boolean
  } | null
}

/**
 * Reads the bytes of a `tokenizer.model`.
 * @param name what messages call the file
 * @throws OwlError `checkpoint-damaged` where the bytes are no such model
 */
export function readSentencePieceModel(bytes: Uint8Array, name: string): SentencePieceModel {
  let message: ModelMessage
  try {
    message = modelProto.decode(bytes) as unknown as ModelMessage
  } catch (cause) {
    throw new OwlError('checkpoint-damaged', `${name} is not a SentencePiece model.`, { cause })
  }
  const { pieces, trainerSpec, normalizerSpec } = message
  const kind = modelKinds[trainerSpec?.modelType ?? 1]
  if (pieces.length === 0 || !kind) {
    throw new OwlError('checkpoint-damaged', `${name} is not a SentencePiece model: it lists no pieces.`)
  }
  return {
    kind,
    pieces: pieces.map(({ piece, score, type }) => ({ text: piece, score, type: pieceTypes[type] ?? 'unused' })),
    byteFallback: trainerSpec?.byteFallback ?? false,
    normaliser: normalizerSpec?.name || 'identity',
    dummyPrefix: normalizerSpec?.addDummyPrefix ?? true,
    removeExtraSpaces: normalizerSpec?.removeExtraWhitespaces ?? true,
    escapeSpaces: normalizerSpec?.escapeWhitespaces ?? true,
    spaceAsSuffix: trainerSpec?.treatWhitespaceAsSuffix ?? false,
  }
}
