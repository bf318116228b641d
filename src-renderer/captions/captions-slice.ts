import type { StateCreator } from 'zustand/vanilla'
import type {
  CallInput,
  CallOutput,
  CaptionItem,
  CaptionJob,
  CaptionSettings,
  OwlErrorMessage,
} from '../../src-main/ipc/contract.ts'
import { toErrorMessage } from '../app/error.ts'
import type { Shell } from '../app/shell.ts'
import type { OwlState } from '../app/store.ts'

/** What is shown of a job's pictures: all, or those in these states. */
export const captionFilters = {
  all: ['waiting', 'decided', 'written', 'skipped', 'failed'],
  captioned: ['decided', 'written', 'skipped'],
  waiting: ['waiting'],
  failed: ['failed'],
} as const
export type CaptionFilterName = keyof typeof captionFilters

export interface CaptionForm {
  folder: string
  settings: CaptionSettings
}

export type Replacement = CallInput<'captions.replace'>['replacement']
export type ReplacePreview = { count: number; changes: { id: number; path: string; before: string; after: string }[] }

export interface CaptionsSlice {
  captionJobs: CaptionJob[]
  /** The job that is open; without one, the form for a new one. */
  captionJob: number | undefined
  captionForm: CaptionForm
  captionFilter: { name: CaptionFilterName; text: string }
  /** Pages of the open job's items, by number; those not looked at are not there. */
  captionPages: ReadonlyMap<number, CaptionItem[]>
  captionTotal: number
  captionSelection: ReadonlySet<number>
  captionError: OwlErrorMessage | undefined
  refreshCaptions(): Promise<void>
  openCaptionJob(id: number | undefined): void
  changeCaptionForm(change: Partial<CaptionForm>): void
  startCaptions(): Promise<void>
  /** Pause, resume, cancel, remove, retry and undo of the open job. */
  doWithCaptions(what: 'pause' | 'resume' | 'cancel' | 'remove' | 'retry' | 'undo'): Promise<void>
  setCaptionFilter(change: Partial<CaptionsSlice['captionFilter']>): void
  loadCaptionPage(page: number): Promise<void>
  editCaption(item: number, caption: string): Promise<void>
  selectCaption(item: number, selected: boolean): void
  clearCaptionSelection(): void
  captionAgain(settings?: Partial<CaptionSettings>): Promise<void>
  previewCaptionReplace(replacement: Replacement): Promise<ReplacePreview | undefined>
  replaceInCaptions(replacement: Replacement): Promise<void>
  /** @throws the error as it crossed the wire */
  listFolder(path: string | undefined): Promise<CallOutput<'captions.folder'>>
  /** A picture of a job as the address of a blob, kept for as long as the window lives. */
  captionThumbnail(item: number, edge: number): Promise<string>
}

export const captionPageSize = 60
/** A few screens of them; about 10 kB each. */
const keptThumbnails = 600

const defaults: CaptionSettings = {
  style: 'sentence',
  prompt: '',
  withText: false,
  prefix: '',
  suffix: '',
  length: 0,
  forbidden: [],
  existing: 'skip',
  output: 'sidecar',
  table: '',
  extension: '.txt',
  recursive: true,
  videos: 'leave-out',
  maxTokens: 256,
}

/** The caption jobs, and the pictures of the one that is open. */
export function createCaptionsSlice({ api }: Shell): StateCreator<OwlState, [], [], CaptionsSlice> {
  return (set, get) => {
    const thumbnails = new Map<string, Promise<string>>()
    let refreshing: ReturnType<typeof setTimeout> | undefined

    api.on('captions.changed', ({ id, job }) => {
      const { captionJobs, captionJob } = get()
      const isKnown = captionJobs.some((other) => other.id === id)
      const jobs = job
        ? isKnown
          ? captionJobs.map((other) => (other.id === id ? job : other))
          : [job, ...captionJobs]
        : captionJobs.filter((other) => other.id !== id)
      set({ captionJobs: jobs })
      if (id !== captionJob) return
      if (!job) get().openCaptionJob(undefined)
      // A page at most every second, however fast captions come; but soon, where a person waits for it.
      else if (!refreshing) refreshing = setTimeout(refreshPages, job.state === 'running' ? 1000 : 50)
    })

    async function refreshPages() {
      refreshing = undefined
      await Promise.all([...get().captionPages.keys()].slice(-4).map((page) => get().loadCaptionPage(page)))
    }

    async function attempt<Result>(work: () => Promise<Result>): Promise<Result | undefined> {
      try {
        set({ captionError: undefined })
        return await work()
      } catch (thrown) {
        set({ captionError: toErrorMessage(thrown) })
        return undefined
      }
    }

    function filter() {
      const { captionJob, captionFilter } = get()
      return { job: captionJob!, states: [...captionFilters[captionFilter.name]], text: captionFilter.text }
    }

    const noPages = { captionPages: new Map<number, CaptionItem[]>(), captionSelection: new Set<number>() }

    return {
      captionJobs: [],
      captionJob: undefined,
      captionForm: { folder: '', settings: defaults },
      captionFilter: { name: 'all', text: '' },
      captionTotal: 0,
      captionError: undefined,
      ...noPages,

      async refreshCaptions() {
        const captionJobs = await attempt(() => api.call('captions.list', {}))
        if (captionJobs) set({ captionJobs })
      },

      openCaptionJob(id) {
        set({
          captionJob: id,
          captionFilter: { name: 'all', text: '' },
          captionTotal: 0,
          captionError: undefined,
          ...noPages,
        })
        if (id !== undefined) void get().loadCaptionPage(0)
      },

      changeCaptionForm: (change) => set(({ captionForm }) => ({ captionForm: { ...captionForm, ...change } })),

      async startCaptions() {
        const { folder, settings } = get().captionForm
        const started = await attempt(() => api.call('captions.start', { sources: [folder.trim()], settings }))
        if (!started) return
        await get().refreshCaptions()
        get().openCaptionJob(started.job)
      },

      async doWithCaptions(what) {
        const { captionJob } = get()
        if (captionJob !== undefined) await attempt(() => api.call(`captions.${what}`, { job: captionJob }))
      },

      setCaptionFilter(change) {
        set(({ captionFilter }) => ({ captionFilter: { ...captionFilter, ...change }, ...noPages }))
        void get().loadCaptionPage(0)
      },

      async loadCaptionPage(page) {
        if (get().captionJob === undefined) return
        const asked = filter()
        // So that it is asked for once.
        if (!get().captionPages.has(page)) set({ captionPages: new Map(get().captionPages).set(page, []) })
        const found = await attempt(() =>
          api.call('captions.items', { ...asked, offset: page * captionPageSize, limit: captionPageSize }),
        )
        if (!found || JSON.stringify(asked) !== JSON.stringify(filter())) return
        set({ captionTotal: found.total, captionPages: new Map(get().captionPages).set(page, found.items) })
      },

      async editCaption(item, caption) {
        const { captionJob } = get()
        if (captionJob === undefined) return
        await attempt(() => api.call('captions.edit', { job: captionJob, captions: [{ item, caption }] }))
      },

      selectCaption(item, selected) {
        const captionSelection = new Set(get().captionSelection)
        if (selected) captionSelection.add(item)
        else captionSelection.delete(item)
        set({ captionSelection })
      },

      clearCaptionSelection: () => set({ captionSelection: new Set() }),

      async captionAgain(settings) {
        const { captionJob, captionSelection } = get()
        if (captionJob === undefined || captionSelection.size === 0) return
        const items = [...captionSelection]
        const done = await attempt(() => api.call('captions.again', { job: captionJob, items, settings }))
        if (done) set({ captionSelection: new Set() })
      },

      previewCaptionReplace: (replacement) =>
        attempt(() => api.call('captions.previewReplace', { ...filter(), replacement })),

      listFolder: (path) => api.call('captions.folder', { path }),

      captionThumbnail(item, edge) {
        const key = `${item} ${edge}`
        let address = thumbnails.get(key)
        if (!address) {
          address = api
            .call('captions.thumbnail', { item, edge })
            .then(({ bytes }) => URL.createObjectURL(new Blob([new Uint8Array(bytes)], { type: 'image/webp' })))
          thumbnails.set(key, address)
          const [oldest] = thumbnails
          if (thumbnails.size > keptThumbnails && oldest) {
            thumbnails.delete(oldest[0])
            oldest[1].then(URL.revokeObjectURL, () => {})
          }
        }
        return address
      },

      async replaceInCaptions(replacement) {
        await attempt(() => api.call('captions.replace', { ...filter(), replacement }))
      },
    }
  }
}
