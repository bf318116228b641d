import { describe, expect, it, vi } from 'vitest'
import type { CallOutput } from '../../../src-main/ipc/contract.ts'
import { createOwlStore } from '../../../src-renderer/app/store.ts'
import { memoryShell } from '../memory-shell.ts'

const one = { id: 'one', title: 'One?' }
const two = { id: 'two', title: 'Two?' }

describe('deleted chats', () => {
  it('can each be brought back, however many follow', async () => {
    const main = memoryShell()
    const { getState } = createOwlStore(main.shell)
    await getState().deleteChat(one)
    await getState().deleteChat(two)
    expect(getState().deletedChats).toEqual([two, one])
    await getState().undoDelete('one')
    expect(main.callsOf('history.restore')).toEqual([{ chatId: 'one' }])
    expect(getState().deletedChats).toEqual([two])
    getState().forgetDeleted('two')
    expect(getState().deletedChats).toEqual([])
  })

  it('stay on offer where they could not be brought back, with the reason', async () => {
    const error = { code: 'disk-full', message: 'The disk is full.', hint: '' }
    const { shell } = memoryShell({
      'history.restore': () => {
        throw error
      },
    })
    const { getState } = createOwlStore(shell)
    await getState().deleteChat(one)
    await getState().undoDelete('one')
    expect(getState()).toMatchObject({ deletedChats: [one], historyError: error })
  })

  it('leave no question of theirs being changed', async () => {
    const { getState } = createOwlStore(memoryShell().shell)
    getState().ask('One?', [])
    getState().writeDraft('half written')
    getState().editQuestion(getState().turns[0]!.id)
    await getState().deleteChat({ id: getState().chatId!, title: 'One?' })
    expect(getState().turns).toEqual([])
    expect(getState().draft).toEqual({ text: 'half written', pictures: [] })
  })
})

describe('what a search found', () => {
  it('is searched for again when chats change, and left alone where nothing is searched for', async () => {
    const title = { chatId: 'one', chatTitle: 'One?', changedAt: 0 }
    let found: CallOutput<'history.search'> = { titles: [title], hits: [] }
    const main = memoryShell({ 'history.search': () => found })
    const { getState } = createOwlStore(main.shell)
    main.emit('history.changed', {})
    await vi.waitFor(() => expect(main.callsOf('history.list')).toHaveLength(2))
    expect(main.callsOf('history.search')).toEqual([])

    await getState().searchChats('one')
    expect(getState().found).toEqual(found)
    found = { titles: [], hits: [] }
    main.emit('history.changed', { chatId: 'one' })
    await vi.waitFor(() => expect(getState().found).toEqual(found))
  })
})
