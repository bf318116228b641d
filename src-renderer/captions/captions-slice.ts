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
  /** While a job is being begun. */
  isStartingCaptions: boolean
  captionFilter: { name: CaptionFilterName; text: string }
  /** Pages of the open job's items, by number: those on the screen, and others as long as nothing has changed. */
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
  /** Tells which pages are on the screen. */
  showCaptionPages(first: number, last: number): void
  /** @returns whether it is kept */
  editCaption(job: number, item: number, caption: string): Promise<boolean>
  selectCaption(item: number, selected: boolean): void
  clearCaptionSelection(): void
  captionAgain(settings?: Partial<CaptionSettings>): Promise<void>
  /** @throws the error as it crossed the wire */
  previewCaptionReplace(replacement: Replacement): Promise<ReplacePreview>
  /** @returns whether it was done */
  replaceInCaptions(replacement: Replacement): Promise<boolean>
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
  withText: true,
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
    /** The pages on the screen. */
    let onScreen = { first: 0, last: 0 }
    const isOnScreen = (page: number) => page >= onScreen.first && page <= onScreen.last

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

    /** The others are of before the change: they are asked for again when they come onto the screen. */
    async function refreshPages() {
      refreshing = undefined
      const pages = [...get().captionPages].filter(([page]) => isOnScreen(page))
      set({ captionPages: new Map(pages) })
      await Promise.all(pages.map(([page]) => loadPage(page)))
    }

    async function loadPage(page: number) {
      if (get().captionJob === undefined) return
      const asked = filter()
      // So that it is asked for once.
      if (!get().captionPages.has(page)) set({ captionPages: new Map(get().captionPages).set(page, []) })
      const found = await inBackground(() =>
        api.call('captions.items', { ...asked, offset: page * captionPageSize, limit: captionPageSize }),
      )
      if (!found || JSON.stringify(asked) !== JSON.stringify(filter())) return
      const captionPages = new Map(get().captionPages)
      if (isOnScreen(page)) captionPages.set(page, found.items)
      else captionPages.delete(page)
      set({ captionTotal: found.total, captionPages })
    }

    /** What a person does: why the last such thing failed no longer matters. */
    async function attempt<Result>(work: () => Promise<Result>): Promise<Result | undefined> {
      try {
        set({ captionError: undefined })
        return await work()
      } catch (thrown) {
        set({ captionError: toErrorMessage(thrown) })
        return undefined
      }
    }

    let backgroundError: OwlErrorMessage | undefined

    /** What the window asks for by itself: it neither hides why something else failed, nor outlives its own failure. */
    async function inBackground<Result>(work: () => Promise<Result>): Promise<Result | undefined> {
      const isFree = () => get().captionError === undefined || get().captionError === backgroundError
      try {
        const result = await work()
        if (isFree()) set({ captionError: undefined })
        return result
      } catch (thrown) {
        const wasFree = isFree()
        backgroundError = toErrorMessage(thrown)
        if (wasFree) set({ captionError: backgroundError })
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
      isStartingCaptions: false,
      captionFilter: { name: 'all', text: '' },
      captionTotal: 0,
      captionError: undefined,
      ...noPages,

      async refreshCaptions() {
        const captionJobs = await inBackground(() => api.call('captions.list', {}))
        if (captionJobs) set({ captionJobs })
      },

      openCaptionJob(id) {
        onScreen = { first: 0, last: 0 }
        set({
          captionJob: id,
          captionFilter: { name: 'all', text: '' },
          captionTotal: 0,
          captionError: undefined,
          ...noPages,
        })
        if (id !== undefined) void loadPage(0)
      },

      changeCaptionForm: (change) => set(({ captionForm }) => ({ captionForm: { ...captionForm, ...change } })),

      async startCaptions() {
        const { captionForm, isStartingCaptions } = get()
        if (isStartingCaptions) return
        set({ isStartingCaptions: true })
        const { folder, settings } = captionForm
        const started = await attempt(() => api.call('captions.start', { sources: [folder.trim()], settings }))
        if (started) await get().refreshCaptions()
        set({ isStartingCaptions: false })
        if (started) get().openCaptionJob(started.job)
      },

      async doWithCaptions(what) {
        const { captionJob } = get()
        if (captionJob !== undefined) await attempt(() => api.call(`captions.${what}`, { job: captionJob }))
      },

      setCaptionFilter(change) {
        onScreen = { first: 0, last: 0 }
        set(({ captionFilter }) => ({ captionFilter: { ...captionFilter, ...change }, ...noPages }))
        void loadPage(0)
      },

      showCaptionPages(first, last) {
        onScreen = { first, last }
        const { captionPages, captionTotal } = get()
        for (let page = first; page <= last; page++) {
          if (!captionPages.has(page) && page * captionPageSize < captionTotal) void loadPage(page)
        }
      },

      async editCaption(job, item, caption) {
        const kept = await attempt(() => api.call('captions.edit', { job, captions: [{ item, caption }] }))
        if (!kept || get().captionJob !== job) return kept !== undefined
        // At once: where it is undone before the pages come anew, they would not show that anything had changed.
        const edited = (items: CaptionItem[]) => items.map((one) => (one.id === item ? { ...one, caption } : one))
        set({ captionPages: new Map([...get().captionPages].map(([page, items]) => [page, edited(items)])) })
        return true
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

      previewCaptionReplace: (replacement) => api.call('captions.previewReplace', { ...filter(), replacement }),

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
        return (await attempt(() => api.call('captions.replace', { ...filter(), replacement }))) !== undefined
      },
    }
  }
}
