import { HubApiError, InvalidApiResponseFormatError, listFiles, modelInfo } from '@huggingface/hub'
import { OwlError } from '../../owl-error.ts'
import type { HubConnection } from './hub-request.ts'

/** A file that an installation needs. */
export interface HubFile {
  path: string
  bytes: number
  /** SHA-256 of its content, which the hub names for large files. */
  sha256?: string
  /** Git's own identifier of the content; named for every file. */
  oid?: string
}

/** A repository at one commit. */
export interface HubRepository {
  repo: string
  /** The commit, whatever revision was asked for. */
  commit: string
  /** As its card names it, such as "llama2". */
  licence?: string
  gated: boolean
  files: HubFile[]
}

const repoPattern = /^[A-Za-z0-9][\w.-]*\/[A-Za-z0-9][\w.-]*$/

/** Whether a text is the name of a repository on a hub, and not a path. */
export function isRepoName(text: string): boolean {
  return repoPattern.test(text)
}

/**
 * Looks up what a repository holds of a model, at the commit that a revision stands for now.
 * @throws OwlError `request-invalid`, `hub-not-found`, `hub-access-denied`, `hub-failed`, `network-failed`, `cancelled`
 */
export async function readRepository(
  hub: HubConnection,
  repo: string,
  { revision = 'main', signal }: { revision?: string; signal?: AbortSignal } = {},
): Promise<HubRepository> {
  if (!isRepoName(repo)) throw new OwlError('request-invalid', `${JSON.stringify(repo)} is no name of a repository.`)
  const common = { hubUrl: hub.endpoint, fetch: hub.fetch(signal) }
  try {
    const info = await modelInfo({ ...common, name: repo, revision, additionalFields: ['sha', 'cardData'] })
    const commit = String(info.sha ?? '')
    if (!/^[0-9a-f]{40}$/.test(commit)) throw new OwlError('hub-failed', `${hub.endpoint} names no commit of ${repo}.`)
    const files: HubFile[] = []
    for await (const entry of listFiles({ ...common, repo, revision: commit })) {
      if (entry.type !== 'file') continue
      files.push({ path: entry.path, bytes: entry.size, sha256: entry.lfs?.oid, oid: entry.oid })
    }
    const { license } = (info.cardData ?? {}) as { license?: unknown }
    const licence = typeof license === 'string' ? license : undefined
    return { repo, commit, licence, gated: Boolean(info.gated), files: neededFiles(files) }
  } catch (error) {
    if (error instanceof OwlError) throw error
    if (
      error instanceof HubApiError ||
      error instanceof InvalidApiResponseFormatError ||
      error instanceof SyntaxError
    ) {
      throw new OwlError('hub-failed', `${hub.endpoint} does not answer as a hub does: ${error.message}`, {
        cause: error,
      })
    }
    throw error
  }
}

/** Settings, tokenizer, terms, and the weights in one format: safetensors where there are both. */
function neededFiles(files: HubFile[]): HubFile[] {
  const names = new Set(files.map(({ path }) => path))
  const isSafetensors = names.has('model.safetensors') || names.has('model.safetensors.index.json')
  const weights = isSafetensors ? /^model.*\.safetensors(\.index\.json)?$/ : /^pytorch_model.*\.bin(\.index\.json)?$/
  const beside =
    /^((config|generation_config|preprocessor_config|tokenizer|tokenizer_config|special_tokens_map|added_tokens)\.json|tokenizer\.model|chat_template\.jinja|(licen[cs]e|notice|copying|use_policy)(\.(txt|md))?)$/i
  return files.filter(({ path }) => /^[\w.-]+$/.test(path) && (weights.test(path) || beside.test(path)))
}
