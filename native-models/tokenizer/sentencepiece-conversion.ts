import { OwlError } from '../owl-error.ts'
import type { Piece, SentencePieceModel } from './sentencepiece-model.ts'
import type { AddedTokenJson, StepJson, TokenizerJson } from './tokenizer-json.ts'

/** SentencePiece writes a space as this character. */
export const spaceMark = '\u2581'

/**
 * A SentencePiece model as a Hugging Face `tokenizer.json`. Pieces keep their ids.
 * @param name what messages call the model's file
 * @param options.legacy text after a control token begins with a space as all text does (`legacy` of
 *   tokenizer_config.json, true where it is absent)
 * @throws OwlError `tokenizer-unsupported`, naming what the model asks for and this program does not do
 */
export function convertSentencePiece(
  model: SentencePieceModel,
  name: string,
  options: { legacy?: boolean } = {},
): TokenizerJson {
  refuseUnsupported(model, name)
  return {
    version: '1.0',
    truncation: null,
    padding: null,
    added_tokens: model.pieces.flatMap(controlToken),
    normalizer: normaliser(model, options.legacy === false ? 'first' : 'always'),
    pre_tokenizer: null,
    post_processor: null,
    decoder: decoder(model),
    model: model.kind === 'bpe' ? bpe(model) : unigram(model),
  }
}

function refuseUnsupported(model: SentencePieceModel, name: string): void {
  const refuse = (what: string) => {
    throw new OwlError('tokenizer-unsupported', `${name} uses ${what}, which is not supported.`)
  }
  if (model.kind === 'word' || model.kind === 'char') refuse(`the "${model.kind}" model of SentencePiece`)
  if (!['identity', 'nfkc'].includes(model.normaliser)) refuse(`the normalisation rule "${model.normaliser}"`)
  if (!model.escapeSpaces) refuse('unescaped spaces')
  if (model.spaceAsSuffix) refuse('spaces at the end of words')
  if (model.pieces.some((piece) => piece.type === 'unused')) refuse('unused pieces')
  if (model.pieces.some((piece) => piece.type === 'user-defined')) refuse('user-defined symbols')
}

function controlToken(piece: Piece, id: number): AddedTokenJson[] {
  if (piece.type !== 'control' && piece.type !== 'unknown') return []
  return [
    { id, content: piece.text, special: true, single_word: false, lstrip: false, rstrip: false, normalized: false },
  ]
}

function normaliser(model: SentencePieceModel, scheme: 'always' | 'first'): StepJson {
  const steps: StepJson[] = []
  const replace = (pattern: { String: string } | { Regex: string }, content: string) =>
    steps.push({ type: 'Replace', pattern, content })
  if (model.normaliser === 'nfkc') steps.push({ type: 'NFKC' })
  if (model.removeExtraSpaces) {
    replace({ Regex: '\\A +| +\\z' }, '')
    replace({ Regex: ' {2,}' }, ' ')
    // Nothing may be left, and nothing gets no prefix.
    if (model.dummyPrefix) replace({ Regex: '\\A(?!\\z)' }, spaceMark)
  } else if (model.dummyPrefix) {
    steps.push({ type: 'Prepend', prepend: spaceMark, prepend_scheme: scheme })
  }
  replace({ String: ' ' }, spaceMark)
  return { type: 'Sequence', normalizers: steps }
}

function decoder(model: SentencePieceModel): StepJson {
  const steps: StepJson[] = [
    { type: 'Replace', pattern: { String: spaceMark }, content: ' ' },
    { type: 'ByteFallback' },
    { type: 'Fuse' },
  ]
  if (model.dummyPrefix) steps.push({ type: 'Strip', content: ' ', start: 1, stop: 0 })
  return { type: 'Sequence', decoders: steps }
}

function bpe({ pieces, byteFallback }: SentencePieceModel): TokenizerJson['model'] {
  return {
    type: 'BPE',
    dropout: null,
    unk_token: unknownPiece(pieces).text,
    fuse_unk: true,
    byte_fallback: byteFallback,
    ignore_merges: false,
    vocab: Object.fromEntries(pieces.map((piece, id) => [piece.text, id])),
    merges: merges(pieces),
  }
}

/**
 * SentencePiece merges whatever two neighbours make a piece, the best score first. A list of merges says the same:
 * every way to make every piece out of two, by falling score. Of the ways to make one piece the longest left part
 * comes first: SentencePiece takes the leftmost.
 */
function merges(pieces: readonly Piece[]): [string, string][] {
  const normal = pieces.filter((piece) => piece.type === 'normal')
  const known = new Set(normal.map((piece) => piece.text))
  return normal
    .toSorted((a, b) => b.score - a.score)
    .flatMap(({ text }) => {
      const splits: [string, string][] = []
      for (let at = 1; at < text.length; at++) {
        const left = text.slice(0, at)
        const right = text.slice(at)
        if (known.has(left) && known.has(right)) splits.push([left, right])
      }
      return splits
    })
}

function unigram({ pieces, byteFallback }: SentencePieceModel): TokenizerJson['model'] {
  return {
    type: 'Unigram',
    unk_id: pieces.indexOf(unknownPiece(pieces)),
    byte_fallback: byteFallback,
    vocab: pieces.map((piece) => [piece.text, piece.score]),
  }
}

function unknownPiece(pieces: readonly Piece[]): Piece {
  // SentencePiece refuses to train a model without one.
  return pieces.find((piece) => piece.type === 'unknown') ?? pieces[0]!
}
