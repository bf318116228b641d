/** The parts of a Hugging Face `tokenizer.json` that are read or written here; the rest is passed on as it is. */
export interface TokenizerJson {
  added_tokens: AddedTokenJson[]
  normalizer: StepJson | null
  pre_tokenizer: StepJson | null
  post_processor: StepJson | null
  decoder: StepJson | null
  model: BpeJson | UnigramJson
  [key: string]: unknown
}

export interface AddedTokenJson {
  id: number
  content: string
  /** A control token: text that people type never becomes one. */
  special: boolean
  single_word?: boolean
  lstrip?: boolean
  rstrip?: boolean
  normalized?: boolean
}

/** A normaliser, pre-tokenizer, post-processor or decoder; its type says which further keys it has. */
export interface StepJson {
  type: string
  /** Where a space is put in front. `first`, at the beginning of the text only, is read of a Prepend step, too. */
  prepend_scheme?: 'always' | 'first' | 'never'
  [key: string]: unknown
}

export interface BpeJson {
  type: 'BPE'
  vocab: Record<string, number>
  merges: string[] | [string, string][]
  unk_token?: string | null
  byte_fallback?: boolean
  fuse_unk?: boolean
  [key: string]: unknown
}

export interface UnigramJson {
  type: 'Unigram'
  /** Text and score of each piece, by id. */
  vocab: [string, number][]
  unk_id: number | null
  byte_fallback?: boolean
  [key: string]: unknown
}
