import { describe, expect, it } from 'vitest'
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

const lastRequest = (main: Main) => main.callsOf('chats.ask').at(-1)!.requestId

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
    expect(last().phase).toBe('waiting')
    expect(main.callsOf('chats.ask')).toHaveLength(0)
    main.emit('models.changed', readyModel)
    await aMoment()
    expect(main.callsOf('chats.ask')).toHaveLength(1)

    const error = { code: 'model-damaged', message: 'The file is short.', hint: 'Install it again.' }
    main.emit('models.changed', { state: 'loading', name: 'tiny' })
    store.getState().ask('Two?', [])
    main.emit('models.changed', { state: 'failed', name: 'tiny', error })
    await aMoment()
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
    const again = main.callsOf('chats.ask').at(-1)!
    expect(again.requestId).not.toBe(requestId)
    expect(again.messages).toEqual([{ role: 'user', text: 'One?', pictures: [] }])
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
    expect(main.callsOf('chats.stop')).toEqual([{ requestId }])
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
  it('sends the conversation so far with a follow-up question', async () => {
    const { main, store } = await openWindow()
    const picture = { hash: 'b'.repeat(64), name: 'chart.png', width: 1, height: 1, bytes: 1 }
    store.getState().ask('Which is tallest?', [picture])
    await aMoment()
    const requestId = lastRequest(main)
    main.emit('answer.text', { requestId, text: 'The blue one.' })
    main.emit('answer.finished', { requestId, finish: 'stop', stats: someStats })
    store.getState().ask('And smallest?', [])
    await aMoment()
    const { messages } = main.callsOf('chats.ask').at(-1)!
    expect(messages.map(({ role, text, pictures }) => [role, text, pictures.length])).toEqual([
      ['user', 'Which is tallest?', 1],
      ['assistant', 'The blue one.', 0],
      ['user', 'And smallest?', 0],
    ])
  })

  it('is replaced from an edited question on', async () => {
    const { store } = await openWindow()
    store.getState().ask('One?', [])
    store.getState().stop()
    store.getState().ask('Two?', [])
    const first = store.getState().turns[0]!
    store.getState().ask('One, changed?', [], first.id)
    await aMoment()
    expect(store.getState().turns.map(({ text }) => text)).toEqual(['One, changed?', ''])
  })

  it('comes back after a new one was begun by mistake', async () => {
    const { store } = await openWindow()
    store.getState().ask('One?', [])
    store.getState().newChat()
    expect(store.getState().turns).toEqual([])
    store.getState().newChat()
    store.getState().bringBackChat()
    const [question, answer] = store.getState().turns
    expect(question).toMatchObject({ text: 'One?' })
    expect(answer).toMatchObject({ phase: 'finished', finish: 'cancelled' })
  })
})
