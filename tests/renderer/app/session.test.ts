import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import type { StoredTurn } from '../../../src-main/ipc/contract.ts'
import { keepSession } from '../../../src-renderer/app/session.ts'
import { createOwlStore } from '../../../src-renderer/app/store.ts'
import { aMoment, memoryShell } from '../memory-shell.ts'

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

function openWindow(storage: MemoryStorage, answers: Parameters<typeof memoryShell>[0] = {}) {
  const main = memoryShell(answers)
  const store = createOwlStore(main.shell)
  keepSession(store, storage as unknown as Storage)
  return { main, store }
}

it('opens the chat again after a reload, and brings the draft back', async () => {
  const storage = new MemoryStorage()
  const { main, store } = openWindow(storage)
  store.getState().ask('One?', [])
  await aMoment()
  const { chatId } = main.callsOf('chats.ask')[0]!
  store.getState().writeDraft('Two')
  await aMoment()
  leavePage()

  const reloaded = openWindow(storage)
  expect(reloaded.main.callsOf('chats.open')).toEqual([{ chatId }])
  expect(reloaded.store.getState().draft.text).toBe('Two')
})

it('brings back what was left for the change of an earlier question', async () => {
  const storage = new MemoryStorage()
  const { store } = openWindow(storage)
  store.getState().ask('One?', [])
  store.getState().stop()
  const [question] = store.getState().turns
  store.getState().writeDraft('half written')
  store.getState().editQuestion(question!.id)
  await aMoment()
  leavePage()

  const { chatId = '' } = store.getState()
  const turn = { ...question!, role: 'user', state: 'finished', createdAt: 0 } as StoredTurn
  const reloaded = openWindow(storage, { 'chats.open': () => ({ id: chatId, title: '', settings: {}, turns: [turn] }) })
  await aMoment()
  expect(reloaded.store.getState().draft).toMatchObject({ text: 'One?', editing: question!.id })
  reloaded.store.getState().cancelEdit()
  expect(reloaded.store.getState().draft.text).toBe('half written')

  const gone = () => {
    throw { code: 'not-found', message: 'This chat is no longer there.', hint: '' }
  }
  const removed = openWindow(storage, { 'chats.open': gone })
  await aMoment()
  expect(removed.store.getState()).toMatchObject({ turns: [], draft: { text: 'half written' } })
})

it('begins empty when what was kept is damaged', () => {
  const storage = new MemoryStorage()
  for (const damaged of ['{', 'null', '{"draft":1}', '{"chatId":"x"}']) {
    storage.setItem('owl.session', damaged)
    const { main, store } = openWindow(storage)
    expect(main.callsOf('chats.open')).toEqual([])
    expect(store.getState().draft).toEqual({ text: '', pictures: [] })
  }
})
