import type { Assistant } from '../../core/assistant.ts'
import { captionThumbnail } from '../../core/captions/caption-thumbnail.ts'
import { listFolder } from '../../core/captions/folder-list.ts'
import type { captionCalls } from '../contract/captions.ts'
import type { Handlers } from './handlers.ts'

export function captionHandlers(assistant: Assistant): Handlers<keyof typeof captionCalls> {
  const captions = () => assistant.captions()
  return {
    'captions.list': async () => (await captions()).list(),
    'captions.folder': ({ path }) => listFolder(path),
    'captions.start': async ({ sources, settings }) => {
      const job = (await captions()).add(sources, settings)
      ;(await captions()).start(job)
      return { job }
    },
    'captions.resume': async ({ job }) => {
      ;(await captions()).start(job)
      return {}
    },
    'captions.pause': async ({ job }) => {
      await (await captions()).pause(job)
      return {}
    },
    'captions.cancel': async ({ job }) => {
      await (await captions()).cancel(job)
      return {}
    },
    'captions.remove': async ({ job }) => {
      await (await captions()).remove(job)
      return {}
    },
    'captions.retry': async ({ job }) => {
      ;(await captions()).retry(job)
      return {}
    },
    'captions.items': async ({ job, offset, limit, ...filter }) => (await captions()).items(job, filter, offset, limit),
    'captions.thumbnail': async ({ item, edge }) => {
      const { path } = (await captions()).item(item)
      return { bytes: await captionThumbnail(path, edge) }
    },
    'captions.edit': async ({ job, captions: changed }) => {
      await (await captions()).edit(job, new Map(changed.map(({ item, caption }) => [item, caption])))
      return {}
    },
    'captions.previewReplace': async ({ job, replacement, ...filter }) =>
      (await captions()).previewReplace(job, filter, replacement),
    'captions.replace': async ({ job, replacement, ...filter }) => ({
      count: await (await captions()).replace(job, filter, replacement),
    }),
    'captions.again': async ({ job, items, settings }) => {
      ;(await captions()).again(job, items, settings)
      return {}
    },
    'captions.undo': async ({ job }) => {
      await (await captions()).undo(job)
      return {}
    },
  }
}
