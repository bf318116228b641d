import { describe, expect, it } from 'vitest'
import type { CaptionJob } from '../../../src-main/ipc/contract.ts'
import { createOwlStore } from '../../../src-renderer/app/store.ts'
import { aMoment, memoryShell } from '../memory-shell.ts'

const job = (state: CaptionJob['state']) => ({ id: 1, state }) as CaptionJob
const refused = { code: 'caption-not-writable', message: 'read-only', hint: '' }

function openJob() {
  let state = 'waiting'
  const main = memoryShell({
    'captions.list': () => [job('running')],
    'captions.items': ({ offset, limit }) => ({
      total: 600,
      items: Array.from({ length: limit }, (_, index) => ({ id: offset + index, caption: '', state })),
    }),
    'captions.edit': () => {
      throw refused
    },
  })
  const store = createOwlStore(main.shell)
  store.setState({ captionJobs: [job('running')] })
  store.getState().openCaptionJob(1)
  return { main, now: store.getState, write: () => (state = 'written') }
}

describe('the pictures of a caption job', () => {
  it('are refreshed where they are looked at, and dropped elsewhere', async () => {
    const { main, now, write } = openJob()
    await aMoment()
    for (const page of [1, 2, 3, 4, 5]) {
      now().showCaptionPages(page, page)
      await aMoment()
    }
    now().showCaptionPages(0, 1)
    await aMoment()
    write()
    main.emit('captions.changed', { id: 1, job: job('done') })
    await expect.poll(() => now().captionPages.get(0)?.[0]?.state).toBe('written')
    expect([...now().captionPages].map(([page, items]) => [page, items[0]?.state])).toEqual([
      [0, 'written'],
      [1, 'written'],
    ])
    now().showCaptionPages(4, 4)
    await expect.poll(() => now().captionPages.get(4)?.[0]?.state).toBe('written')
  })

  it('are loaded without hiding why something could not be done', async () => {
    const { main, now } = openJob()
    await aMoment()
    expect(await now().editCaption(1, 0, 'x')).toBe(false)
    main.emit('captions.changed', { id: 1, job: job('done') })
    await aMoment()
    await aMoment()
    await now().refreshCaptions()
    expect(main.callsOf('captions.items').length).toBeGreaterThan(1)
    expect(now().captionError).toEqual(refused)
  })
})

it('begins one job, however often it is told to', async () => {
  const main = memoryShell({ 'captions.start': () => ({ job: 7 }), 'captions.list': () => [] })
  const { getState: now } = createOwlStore(main.shell)
  now().changeCaptionForm({ folder: '/pictures' })
  await Promise.all([now().startCaptions(), now().startCaptions()])
  expect(main.callsOf('captions.start')).toHaveLength(1)
  expect(now()).toMatchObject({ captionJob: 7, isStartingCaptions: false })
})
