import type { ModelState } from '../../src-main/ipc/contract.ts'

/** Rows of the context that a question needs by itself, and whether the loaded model has as many. */
export interface ContextNeed {
  rows: number
  contextRows: number
  /** The most pictures that fit with this text. */
  mostPictures: number
  fits: boolean
}

/** Rows of the prompt around a question, and for the beginning of an answer. */
const rowsAround = 48

/**
 * Pictures count exactly; text by a careful estimate, since only main has the tokenizer: a Latin token has about four
 * characters, any other letter may be a token of its own.
 * @returns undefined while no model is ready
 */
export function contextNeed(model: ModelState, text: string, pictures: number): ContextNeed | undefined {
  if (model.state !== 'ready') return undefined
  const { contextRows, pictureRows } = model
  const textRows = estimateTokens(text) + rowsAround
  const mostPictures = Math.max(0, Math.floor((contextRows - textRows) / pictureRows))
  return { rows: pictures * pictureRows + textRows, contextRows, mostPictures, fits: pictures <= mostPictures }
}

function estimateTokens(text: string): number {
  const others = text.match(/[^\p{Script=Latin}\p{P}\p{N}\s]/gu)?.length ?? 0
  return others + Math.ceil((text.length - others) / 4)
}
