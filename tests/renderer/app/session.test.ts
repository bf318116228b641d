import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { keepSession } from '../../../src-renderer/app/session.ts'
import { createOwlStore } from '../../../src-renderer/app/store.ts'
import { aMoment, memoryShell, someStats } from '../memory-shell.ts'

class MemoryStorage {
  readonly items = new Map<string, string>()
  getItem = (key: string) => this.items.get(key) ?? null
  setItem = (key: string, value: string) => void this.items.set(key, value)
}

let leavePage = () => {}
beforeEach(() => {
  vi.stubGlobal('addEventListener', (_: string, listener: () => void) => {
    leavePage = listener
  })
})
afterEach(() => void vi.unstubAllGlobals())

function openWindow(storage: MemoryStorage) {
  const main = memoryShell()
  const store = createOwlStore(main.shell)
  keepSession(store, storage as unknown as Storage)
  return { main, store }
}

it('brings turns and the draft back after a reload, and marks an answer that was cut off', async () => {
  const storage = new MemoryStorage()
  const { main, store } = openWindow(storage)
  store.getState().ask('One?', [])
  await aMoment()
  main.emit('answer.finished', { requestId: main.callsOf('chats.ask')[0]!.requestId, finish: 'stop', stats: someStats })
  store.getState().ask('Two?', [])
  await aMoment()
  main.emit('answer.text', { requestId: main.callsOf('chats.ask')[1]!.requestId, text: 'Half' })
  store.getState().writeDraft('Three')
  await aMoment()
  leavePage()

  const { turns, draft } = openWindow(storage).store.getState()
  expect(turns.map(({ text }) => text)).toEqual(['One?', '', 'Two?', 'Half'])
  expect(turns[1]).toMatchObject({ phase: 'finished' })
  expect(turns[3]).toMatchObject({ phase: 'failed', error: { code: 'answer-interrupted' } })
  expect(draft.text).toBe('Three')
})

it('begins empty when what was kept is damaged', () => {
  const storage = new MemoryStorage()
  for (const damaged of ['{', 'null', '{"turns":1}', '{"turns":[],"previousTurns":[]}']) {
    storage.setItem('owl.session', damaged)
    expect(openWindow(storage).store.getState().turns).toEqual([])
  }
})
