/** The one shape in which every long job tells how far it is. */
export interface Progress {
  /** What is being done now, in a word or two: "reading", "converting decoder". */
  stage: string
  done: number
  /** Zero while it is not known. */
  total: number
  unit: 'bytes' | 'items' | 'rows'
}

/** What every long job takes: a way to be told about it and a way to stop it. */
export interface JobOptions {
  signal?: AbortSignal
  onProgress?: (progress: Progress) => void
}
