import { opendir, realpath, stat } from 'node:fs/promises'
import { extname, join } from 'node:path'
import { OwlError } from '../../../native-models/owl-error.ts'

const pictureEndings = new Set([
  '.png',
  '.jpg',
  '.jpeg',
  '.jfif',
  '.webp',
  '.gif',
  '.avif',
  '.tif',
  '.tiff',
  '.bmp',
  '.svg',
  '.heic',
])
const videoEndings = new Set(['.mp4', '.m4v', '.mov', '.mkv', '.webm'])

export interface FoundMedium {
  /** As it was given, or below the folder that was given: links are not resolved in it. */
  path: string
  /** The folder that was given, or the one that holds a given file. */
  root: string
  kind: 'picture' | 'video'
}

/** A folder that could not be listed; the walk goes on without it. */
export interface UnreadFolder {
  path: string
  root: string
  error: OwlError
}

export interface WalkOptions {
  recursive: boolean
  videos: boolean
  signal?: AbortSignal
}

/** By its ending: a walk must not open 100 000 files. Their content is looked at when their turn comes. */
export function mediumKind(path: string): FoundMedium['kind'] | undefined {
  const ending = extname(path).toLowerCase()
  return pictureEndings.has(ending) ? 'picture' : videoEndings.has(ending) ? 'video' : undefined
}

/**
 * Pictures and videos in folders and files, one at a time and nothing of it held in memory. A link is followed; a
 * folder that was walked already, by whichever way, is not walked again, so a circle of links ends. Hidden files
 * and folders are left out.
 * @throws OwlError `not-found` for a source that is not there, `request-invalid` for a file that is no picture or
 * video, `cancelled`
 */
export async function* walkMedia(
  sources: readonly string[],
  options: WalkOptions,
): AsyncGenerator<FoundMedium | UnreadFolder> {
  const walked = new Set<string>()
  for (const source of sources) {
    const found = await stat(source).catch((cause) => {
      throw new OwlError('not-found', `${source} does not exist or cannot be read.`, {
        hint: 'Check the path of the folder.',
        cause,
      })
    })
    if (found.isDirectory()) yield* walkFolder(source, source, options, walked)
    else yield givenFile(source, options)
  }
}

function givenFile(path: string, { videos }: WalkOptions): FoundMedium {
  const kind = mediumKind(path)
  if (kind === undefined || (kind === 'video' && !videos)) {
    throw new OwlError('request-invalid', `${path} is no ${videos ? 'picture or video' : 'picture'}, by its ending.`, {
      hint:
        kind === 'video' ? 'Videos are captioned when the job is told to take them.' : 'Choose pictures or folders.',
    })
  }
  return { path, root: join(path, '..'), kind }
}

async function* walkFolder(
  folder: string,
  root: string,
  options: WalkOptions,
  walked: Set<string>,
): AsyncGenerator<FoundMedium | UnreadFolder> {
  const real = await realpath(folder).catch(() => folder)
  if (walked.has(real)) return
  walked.add(real)
  const inner: string[] = []
  try {
    for await (const entry of await opendir(folder)) {
      if (options.signal?.aborted) throw new OwlError('cancelled', 'Listing the folder was stopped.')
      if (entry.name.startsWith('.')) continue
      const path = join(folder, entry.name)
      const isFolder = entry.isSymbolicLink() ? await isLinkToFolder(path) : entry.isDirectory()
      if (isFolder) inner.push(path)
      else {
        const kind = mediumKind(path)
        if (kind === 'picture' || (kind === 'video' && options.videos)) yield { path, root, kind }
      }
    }
  } catch (thrown) {
    if (thrown instanceof OwlError) throw thrown
    const { code } = thrown as NodeJS.ErrnoException
    const error = new OwlError('folder-unreadable', `The folder ${folder} cannot be listed (${code}).`, {
      cause: thrown,
    })
    yield { path: folder, root, error }
  }
  if (!options.recursive) return
  for (const path of inner) yield* walkFolder(path, root, options, walked)
}

async function isLinkToFolder(path: string): Promise<boolean> {
  const target = await stat(path).catch(() => undefined)
  return target?.isDirectory() ?? false
}
