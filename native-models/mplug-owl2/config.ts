// The interface other modules rely on; reading and checking config.json is below it.

/** Shape of an mPLUG-Owl2 model, as `config.json` gives it. */
export interface OwlConfig {
  vision: {
    width: number
    layers: number
    heads: number
    ffnWidth: number
    patchSize: number
    imageSize: number
    eps: number
  }
  abstractor: {
    width: number
    layers: number
    heads: number
    ffnWidth: number
    queries: number
    gridSize: number
    /** Of `ffn_ln` only; the other norms use PyTorch's default 1e-5. */
    eps: number
  }
  decoder: {
    width: number
    layers: number
    heads: number
    keyHeads: number
    headWidth: number
    ffnWidth: number
    vocabulary: number
    eps: number
    ropeTheta: number
    /** Rows (text and visual together) that the model was made for. */
    context: number
    tiedEmbeddings: boolean
  }
}
