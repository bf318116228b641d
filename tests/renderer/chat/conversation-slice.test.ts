import { describe, expect, it } from 'vitest'
import type { OpenedChat, StoredTurn } from '../../../src-main/ipc/contract.ts'
import { createOwlStore } from '../../../src-renderer/app/store.ts'
import type { Answer } from '../../../src-renderer/chat/conversation.ts'
import { aMoment, memoryShell, readyModel, someStats } from '../memory-shell.ts'

type Main = ReturnType<typeof memoryShell>

async function openWindow(answers: Parameters<typeof memoryShell>[0] = {}) {
  const main = memoryShell(answers)
  const store = createOwlStore(main.shell)
  await aMoment()
  const last = () => store.getState().turns.at(-1) as Answer
  return { main, store, last }
}

const lastRequest = (main: Main) => main.callsOf('chats.ask').at(-1)!.answerId

describe('an answer', () => {
  it('grows by the text that arrives, once a frame, and ends with its numbers', async () => {
    const { main, store, last } = await openWindow()
    store.getState().ask('What is it?', [])
    await aMoment()
    const requestId = lastRequest(main)
    expect(last()).toMatchObject({ id: requestId, phase: 'reading', text: '' })

    let changes = 0
    store.subscribe(() => {
      changes += 1
    })
    for (const text of ['A ', 'small ', 'dialog']) main.emit('answer.text', { requestId, text })
    expect(last().text).toBe('')
    await aMoment()
    expect(last()).toMatchObject({ phase: 'writing', text: 'A small dialog' })
    expect(changes).toBe(1)

    main.emit('answer.text', { requestId, text: '.' })
    main.emit('answer.finished', { requestId, finish: 'stop', stats: someStats })
    expect(last()).toMatchObject({ phase: 'finished', finish: 'stop', text: 'A small dialog.', stats: someStats })
  })

  it('does not touch earlier turns, so that they are not rendered again', async () => {
    const { main, store } = await openWindow()
    store.getState().ask('One?', [])
    await aMoment()
    main.emit('answer.finished', { requestId: lastRequest(main), finish: 'stop', stats: someStats })
    store.getState().ask('Two?', [])
    await aMoment()
    const before = store.getState().turns
    main.emit('answer.text', { requestId: lastRequest(main), text: 'Yes.' })
    await aMoment()
    const after = store.getState().turns
    expect(after.map((turn, index) => turn === before[index])).toEqual([true, true, true, false])
  })

  it('waits for a model that is being loaded, and fails with its reason', async () => {
    const { main, store, last } = await openWindow({ 'models.state': () => ({ state: 'loading', name: 'tiny' }) })
    store.getState().ask('One?', [])
    await aMoment()
    // Main keeps the question at once, and answers when the model is there.
    expect(last().phase).toBe('waiting')
    expect(main.callsOf('chats.ask')).toHaveLength(1)
    main.emit('models.changed', readyModel)
    expect(last().phase).toBe('reading')

    const error = { code: 'model-damaged', message: 'The file is short.', hint: 'Install it again.' }
    main.emit('answer.failed', { requestId: lastRequest(main), error })
    expect(last()).toMatchObject({ phase: 'failed', error })
  })

  it('that fails keeps its question and what was said, and can be asked for again', async () => {
    const { main, store, last } = await openWindow()
    store.getState().ask('One?', [])
    await aMoment()
    const requestId = lastRequest(main)
    const error = { code: 'inference-crashed', message: 'It ended.', hint: 'Ask once more.' }
    main.emit('answer.text', { requestId, text: 'Half' })
    main.emit('answer.failed', { requestId, error })
    expect(last()).toMatchObject({ phase: 'failed', text: 'Half', error })
    expect(store.getState().turns).toHaveLength(2)

    store.getState().regenerate()
    await aMoment()
    const [again] = main.callsOf('chats.answerAgain')
    expect(again).toMatchObject({ questionId: store.getState().turns[0]!.id })
    expect(again!.answerId).not.toBe(requestId)
    expect(last().branches).toEqual([requestId, again!.answerId])
    main.emit('answer.text', { requestId, text: ' late' })
    await aMoment()
    expect(last().text).toBe('')
  })

  it('fails with the reason when main refuses the call', async () => {
    const { store, last } = await openWindow({
      'chats.ask': () => {
        throw { code: 'request-invalid', message: 'No.', hint: 'Check.' }
      },
    })
    store.getState().ask('One?', [])
    await aMoment()
    expect(last()).toMatchObject({
      phase: 'failed',
      error: { code: 'request-invalid', message: 'No.', hint: 'Check.' },
    })
  })

  it('stops at once, tells main, and takes no more text', async () => {
    const { main, store, last } = await openWindow()
    store.getState().ask('One?', [])
    await aMoment()
    const requestId = lastRequest(main)
    main.emit('answer.text', { requestId, text: 'Half' })
    store.getState().stop()
    expect(last()).toMatchObject({ phase: 'finished', finish: 'cancelled', text: 'Half' })
    expect(main.callsOf('chats.stop')).toEqual([{ answerId: requestId }])
    main.emit('answer.text', { requestId, text: ' more' })
    await aMoment()
    expect(last().text).toBe('Half')
  })

  it('is given up when the connection is lost, with what was said', async () => {
    const { main, store, last } = await openWindow()
    store.getState().ask('One?', [])
    await aMoment()
    main.emit('answer.text', { requestId: lastRequest(main), text: 'Half' })
    main.connection('lost')
    expect(last()).toMatchObject({ phase: 'failed', text: 'Half', error: { code: 'connection-lost' } })
    expect(store.getState().connection).toBe('lost')
  })
})

describe('a chat', () => {
  const stored = (id: string, role: 'user' | 'assistant', text: string, branches = [id]): StoredTurn => ({
    id,
    role,
    text,
    pictures: [],
    state: 'finished',
    createdAt: 0,
    branches,
  })
  const kept: OpenedChat = {
    id: 'chat',
    title: 'One?',
    settings: { systemText: 'Be brief.' },
    turns: [stored('q', 'user', 'One?'), stored('a', 'assistant', 'Yes.')],
  }

  it('goes on after its last turn', async () => {
    const { main, store } = await openWindow()
    const picture = { hash: 'b'.repeat(64), name: 'chart.png', width: 1, height: 1, bytes: 1 }
    store.getState().ask('Which is tallest?', [picture])
    await aMoment()
    const requestId = lastRequest(main)
    main.emit('answer.finished', { requestId, finish: 'stop', stats: someStats })
    store.getState().ask('And smallest?', [])
    await aMoment()
    const [first, second] = main.callsOf('chats.ask')
    expect(first).toMatchObject({ pictures: [picture], parentId: undefined })
    expect(second).toMatchObject({ text: 'And smallest?', pictures: [], chatId: first!.chatId, parentId: requestId })
  })

  it('gets a branch where an earlier question is asked anew', async () => {
    const { main, store } = await openWindow({ 'chats.open': () => kept })
    await store.getState().openChat('chat')
    store.getState().ask('One, changed?', [], 'q')
    await aMoment()
    const [asked] = main.callsOf('chats.ask')
    expect(asked).toMatchObject({ chatId: 'chat', parentId: undefined, text: 'One, changed?' })
    expect(store.getState().turns.map(({ text }) => text)).toEqual(['One, changed?', ''])
    expect(store.getState().turns[0]!.branches).toEqual(['q', asked!.questionId])
  })

  it('is opened with its settings, at the turn that was sought', async () => {
    const { main, store } = await openWindow({ 'chats.showBranch': () => kept })
    await store.getState().openChat('chat', 'a')
    expect(main.callsOf('chats.showBranch')).toEqual([{ chatId: 'chat', turnId: 'a' }])
    const { chatId, turns, chatSettings, soughtTurn } = store.getState()
    expect({ chatId, chatSettings, soughtTurn }).toEqual({
      chatId: 'chat',
      chatSettings: { systemText: 'Be brief.' },
      soughtTurn: 'a',
    })
    expect(turns.map(({ text }) => text)).toEqual(['One?', 'Yes.'])
  })

  it('that was asked for last is the one that is shown', async () => {
    const slow = { ...kept, id: 'slow' }
    const { store } = await openWindow({
      'chats.open': ({ chatId }) => (chatId === 'slow' ? aMoment().then(() => slow) : kept),
    })
    const opening = store.getState().openChat('slow')
    await store.getState().openChat('chat')
    await opening
    expect(store.getState().chatId).toBe('chat')
  })

  it('that cannot be shown, or takes no options, says why and leaves the one before', async () => {
    const missing = { code: 'not-found', message: 'This chat is no longer there.', hint: 'Search again.' }
    const { store } = await openWindow({
      'chats.open': ({ chatId }) => {
        if (chatId === 'chat') return kept
        throw missing
      },
      'chats.showBranch': () => {
        throw missing
      },
      'chats.setSettings': () => {
        throw missing
      },
    })
    const { openChat, showBranch, setChatSettings } = store.getState()
    await openChat('chat')
    for (const fails of [
      () => openChat('gone'),
      () => openChat('gone', 'a'),
      () => showBranch('b'),
      () => setChatSettings({}),
    ]) {
      store.getState().dismissChatError()
      await fails()
      expect(store.getState()).toMatchObject({ chatId: 'chat', chatError: missing })
    }
    await openChat('chat')
    expect(store.getState().chatError).toBeUndefined()
  })

  it('goes on being answered while another one is shown, and is complete when it is opened again', async () => {
    let said = 'Half'
    const { main, store, last } = await openWindow({
      'chats.open': ({ chatId }) => ({
        ...kept,
        id: chatId,
        turns: [stored('q', 'user', 'One?'), { ...stored('a', 'assistant', said), state: 'writing' }],
      }),
    })
    await store.getState().openChat('chat')
    expect(last()).toMatchObject({ phase: 'writing', text: 'Half' })
    store.getState().newChat()
    expect(store.getState().turns).toEqual([])
    expect(main.callsOf('chats.stop')).toEqual([])
    main.emit('answer.text', { requestId: 'a', text: ' and more' })
    said = 'Half and more'
    await store.getState().openChat('chat')
    await aMoment()
    expect(last().text).toBe('Half and more')
    main.emit('answer.text', { requestId: 'a', text: '.' })
    await aMoment()
    expect(last().text).toBe('Half and more.')
  })

  it('whose answer another page began is read again when it changes', async () => {
    let state: 'writing' | 'finished' = 'writing'
    const { main, store, last } = await openWindow({
      'chats.open': () => ({ ...kept, turns: [kept.turns[0]!, { ...kept.turns[1]!, state }] }),
    })
    await store.getState().openChat('chat')
    expect(last().phase).toBe('writing')
    state = 'finished'
    main.emit('history.changed', { chatId: 'chat' })
    await aMoment()
    expect(last().phase).toBe('finished')
  })

  it('keeps a question that main never heard of, and asks it again', async () => {
    let lost = true
    const { main, store, last } = await openWindow({
      'chats.ask': () => {
        if (lost) throw { code: 'connection-lost', message: '', hint: '' }
      },
      'chats.open': () => {
        throw { code: 'not-found', message: '', hint: '' }
      },
    })
    store.getState().ask('One?', [])
    await aMoment()
    expect(last().error?.code).toBe('connection-lost')
    lost = false
    main.connection('open')
    await aMoment()
    expect(store.getState().turns[0]).toMatchObject({ text: 'One?' })
    store.getState().regenerate()
    await aMoment()
    const [first, again] = main.callsOf('chats.ask')
    expect(again).toEqual({ ...first, answerId: last().id })
    expect(last().phase).toBe('reading')
  })
})
