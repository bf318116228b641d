import { describe, expect, it, vi } from 'vitest'
import type { OpenedChat } from '../../../src-main/ipc/contract.ts'
import { createOwlStore, type OwlState } from '../../../src-renderer/app/store.ts'
import { memoryShell } from '../memory-shell.ts'

const otherChat: OpenedChat = { id: 'other', title: 'Elsewhere', settings: {}, turns: [] }

/** Main takes every picture but empty ones, after `delay` milliseconds. */
async function openWindow(delay = 0) {
  const main = memoryShell({
    'pictures.add': async ({ name, bytes }) => {
      await new Promise((resolve) => setTimeout(resolve, delay))
      if (bytes.byteLength === 0) throw { code: 'picture-empty', message: `${name} has no bytes.`, hint: 'Save it.' }
      return { hash: String(bytes[0]).padStart(64, '0'), name, width: 1, height: 1, bytes: bytes.byteLength }
    },
    'chats.open': () => otherChat,
  })
  const store = createOwlStore(main.shell)
  const state = () => store.getState()
  const modelIsReady = () => expect(state().model.state).toBe('ready')
  await vi.waitFor(modelIsReady)
  return {
    main,
    state,
    /** Until no picture is on its way any more. */
    added: () =>
      vi.waitFor(() => expect(state().draft.pictures.filter(({ state }) => state === 'adding')).toEqual([]), 10_000),
    /** The n-th question that main was asked. */
    asked: (n: number) =>
      vi.waitFor(() => {
        expect(main.callsOf('chats.ask')).toHaveLength(n)
        return main.callsOf('chats.ask')[n - 1]!
      }, 10_000),
  }
}

const file = (name: string, ...bytes: number[]) => new File([new Uint8Array(bytes)], name, { type: 'image/png' })
const names = (pictures: { name: string }[]) => pictures.map(({ name }) => name)

describe('pictures of a draft', () => {
  it('arrive each for itself: one that fails keeps the rest', async () => {
    const { state, added } = await openWindow()
    state().addPictures([file('a.png', 1), file('empty.png'), file('c.png', 3)])
    expect(state().draft.pictures.map((picture) => picture.state)).toEqual(['adding', 'adding', 'adding'])
    await added()
    expect(state().draft.pictures.map((picture) => picture.state)).toEqual(['ready', 'failed', 'ready'])
    expect(state().draft.pictures[1]).toMatchObject({ error: { code: 'picture-empty', hint: 'Save it.' } })
  })

  it('are refused before they are sent when they are too large for a frame', async () => {
    const { main, state, added } = await openWindow()
    const large = file('large.png', 1)
    Object.defineProperty(large, 'size', { value: 64 * 1024 * 1024 + 1 })
    state().addPictures([large])
    await added()
    expect(state().draft.pictures[0]).toMatchObject({ state: 'failed', error: { code: 'file-too-large' } })
    expect(main.callsOf('pictures.add')).toEqual([])
  })

  it('say so when a file cannot be read, as with a folder', async () => {
    const { state, added } = await openWindow()
    const folder = file('folder')
    folder.arrayBuffer = () => Promise.reject(new Error('NotReadableError'))
    state().addPictures([folder])
    await added()
    expect(state().draft.pictures[0]).toMatchObject({ state: 'failed', error: { code: 'file-unreadable' } })
  })

  it('change places within bounds, and leave', async () => {
    const { state, added } = await openWindow()
    state().addPictures([file('a', 1), file('b', 2), file('c', 3)])
    await added()
    const [a] = state().draft.pictures
    state().movePicture(a!.id, 2)
    expect(names(state().draft.pictures)).toEqual(['b', 'c', 'a'])
    state().movePicture(a!.id, 9)
    state().movePicture('unknown', 0)
    expect(names(state().draft.pictures)).toEqual(['b', 'c', 'a'])
    state().movePicture(a!.id, -1)
    state().removePicture(state().draft.pictures[1]!.id)
    expect(names(state().draft.pictures)).toEqual(['a', 'c'])
  })

  it('stop at the number that a message can hold', async () => {
    const { state, added } = await openWindow()
    state().addPictures(Array.from({ length: 70 }, (_, index) => file(`${index}.png`, 1)))
    await added()
    expect(state().draft.pictures).toHaveLength(65)
    expect(state().draft.pictures[64]).toMatchObject({ state: 'failed', error: { code: 'too-many-pictures' } })
  })
})

describe('pictures that come from outside of the window', () => {
  const picture = (name: string) => ({ hash: 'a'.repeat(64), name, width: 1, height: 1, bytes: 1 })

  it('are collected at the start and when main tells of more, each once', async () => {
    let waiting = [picture('opened.png')]
    const main = memoryShell({ 'capture.collect': () => ({ pictures: waiting.splice(0) }) })
    const store = createOwlStore(main.shell)
    const shown = () => names(store.getState().draft.pictures)
    store.getState().openView('models')
    await vi.waitFor(() => expect(shown()).toEqual(['opened.png']))
    expect(store.getState().view).toBe('chat')
    waiting = [picture('Screen 1.png'), picture('Screen 2.png')]
    main.emit('capture.taken', {})
    main.emit('capture.taken', {})
    await vi.waitFor(() => expect(shown()).toHaveLength(3))
    expect(shown()).toEqual(['opened.png', 'Screen 1.png', 'Screen 2.png'])
  })

  it('say what could not be taken', async () => {
    const error = { code: 'capture-failed', message: 'No.', hint: '' }
    const main = memoryShell({
      'capture.start': () => {
        throw error
      },
    })
    const { getState } = createOwlStore(main.shell)
    getState().startCapture('screen', 'Screen 12.00.png')
    await vi.waitFor(() => expect(getState().draft.pictures).toMatchObject([{ name: 'Screen 12.00.png', error }]))
  })

  it('leave the view alone where there are none', async () => {
    const { main, state } = await openWindow()
    state().openView('models')
    main.emit('capture.taken', {})
    await vi.waitFor(() => expect(main.callsOf('capture.collect')).toHaveLength(2))
    expect(state().view).toBe('models')
  })
})

describe('looking ahead', () => {
  it('has main look at the pictures once all are in, and at others when they change', async () => {
    const { main, state, added } = await openWindow(10)
    state().addPictures([file('a', 1), file('b', 2)])
    expect(main.callsOf('chats.prepare')).toEqual([])
    await added()
    state().writeDraft('What')
    const prepared = main.callsOf('chats.prepare')
    expect(prepared.map(({ pictures }) => names(pictures))).toEqual([['a', 'b']])
    expect(prepared[0]).toMatchObject({ chatId: undefined, parentId: undefined })
    state().removePicture(state().draft.pictures[0]!.id)
    expect(names(main.callsOf('chats.prepare').at(-1)!.pictures)).toEqual(['b'])
    state().removePicture(state().draft.pictures[0]!.id)
    expect(main.callsOf('chats.prepare')).toHaveLength(2)
  })

  it('tells after which turn, and waits for no answer under way', async () => {
    const { main, state, added, asked } = await openWindow()
    state().writeDraft('Hello')
    await state().submitDraft()
    const { chatId, answerId } = await asked(1)
    state().addPictures([file('a', 1)])
    await added()
    expect(main.callsOf('chats.prepare')).toEqual([])
    state().stop()
    state().addPictures([file('b', 2)])
    await added()
    expect(main.callsOf('chats.prepare').at(-1)).toMatchObject({ chatId, parentId: answerId })
  })
})

describe('submitting', () => {
  it('asks with text and pictures in order, and clears the draft', async () => {
    const { state, added, asked } = await openWindow()
    state().addPictures([file('a', 1), file('b', 2)])
    state().writeDraft('  Which differs?  ')
    await added()
    await state().submitDraft()
    const question = await asked(1)
    expect(question.text).toBe('Which differs?')
    expect(names(question.pictures)).toEqual(['a', 'b'])
    expect(state().draft).toEqual({ text: '', pictures: [] })
  })

  it('waits for pictures on their way, but not past one that fails meanwhile', async () => {
    const { main, state, asked } = await openWindow(30)
    state().writeDraft('What?')
    state().addPictures([file('a', 1)])
    await state().submitDraft()
    await asked(1)

    state().stop()
    state().writeDraft('And now?')
    state().addPictures([file('b', 2), file('empty')])
    await state().submitDraft()
    expect(state().draft.text).toBe('And now?')
    expect(main.callsOf('chats.ask')).toHaveLength(1)
    await state().submitDraft()
    expect(names((await asked(2)).pictures)).toEqual(['b'])
  })

  for (const [where, leave] of [
    ['another chat', (state: OwlState) => void state.openChat('other')],
    ['a new chat', (state: OwlState) => state.newChat()],
  ] as const) {
    it(`asks nothing in ${where} that was opened while a picture was on its way`, async () => {
      const { main, state, added, asked } = await openWindow(40)
      state().ask('One?', [])
      const { chatId } = await asked(1)
      state().stop()
      state().writeDraft('And this?')
      state().addPictures([file('a', 1)])
      const submitted = state().submitDraft()
      expect(state().waitsForPictures).toBe(true)
      leave(state())
      expect(state().waitsForPictures).toBe(false)
      await added()
      await submitted
      expect(main.callsOf('chats.ask')).toHaveLength(1)
      expect(state().chatId).not.toBe(chatId)
      expect(state().draft).toMatchObject({ text: 'And this?', pictures: [{ state: 'ready' }] })
    })
  }

  it('waits for a picture that comes while it waits, and asks once however often it is told', async () => {
    const { main, state, asked } = await openWindow(30)
    state().writeDraft('Which?')
    state().addPictures([file('a', 1)])
    const submitted = [state().submitDraft(), state().submitDraft()]
    await new Promise((resolve) => setTimeout(resolve, 15))
    state().addPictures([file('b', 2)])
    await Promise.all(submitted)
    expect(names((await asked(1)).pictures)).toEqual(['a', 'b'])
    expect(main.callsOf('chats.ask')).toHaveLength(1)
    expect(state().waitsForPictures).toBe(false)
  })

  it('asks for a description of a picture without words, and nothing for an empty draft', async () => {
    const { state, added, asked } = await openWindow()
    state().writeDraft('   ')
    await state().submitDraft()
    expect(state().turns).toEqual([])
    state().addPictures([file('a', 1)])
    await added()
    await state().submitDraft()
    expect((await asked(1)).text).toBe('Describe this picture.')
  })

  it('keeps the draft while an answer is under way', async () => {
    const { main, state, asked } = await openWindow()
    state().ask('One?', [])
    await asked(1)
    state().writeDraft('Two?')
    await state().submitDraft()
    expect(main.callsOf('chats.ask')).toHaveLength(1)
    expect(state().draft.text).toBe('Two?')
  })
})

describe('changing an earlier question', () => {
  it('sets the draft aside and brings it back, both ways out', async () => {
    const { state } = await openWindow()
    state().ask('One?', [])
    state().stop()
    const [question] = state().turns
    state().writeDraft('half written')
    state().editQuestion(question!.id)
    expect(state().draft).toMatchObject({ text: 'One?', editing: question!.id })
    state().cancelEdit()
    expect(state().draft.text).toBe('half written')

    state().editQuestion(question!.id)
    state().writeDraft('One, but better?')
    await state().submitDraft()
    expect(state().turns[0]).toMatchObject({ text: 'One, but better?' })
    expect(state().draft.text).toBe('half written')
  })

  it('is left where another chat is shown, so that it is not asked there', async () => {
    const { state, asked } = await openWindow()
    for (const leave of [() => state().openChat('other'), () => state().newChat()]) {
      state().newChat()
      state().ask('One?', [])
      state().stop()
      state().writeDraft('half written')
      state().editQuestion(state().turns[0]!.id)
      await leave()
      expect(state().draft).toEqual({ text: 'half written', pictures: [] })
    }
    state().writeDraft('For the new one?')
    await state().submitDraft()
    expect(await asked(3)).toMatchObject({ text: 'For the new one?', parentId: undefined })
  })

  it('goes on where its chat is shown once more', async () => {
    const turn = { role: 'user', text: 'One?', pictures: [], state: 'finished', createdAt: 0 } as const
    const main = memoryShell({
      'chats.open': () => ({ ...otherChat, turns: [{ ...turn, id: 'q', branches: ['q'] }] }),
    })
    const { getState } = createOwlStore(main.shell)
    await getState().openChat('other')
    getState().editQuestion('q')
    getState().writeDraft('One, but better?')
    await getState().openChat('other')
    expect(getState().draft).toMatchObject({ text: 'One, but better?', editing: 'q' })
  })

  it('has pictures arrive that were on their way before', async () => {
    const { state } = await openWindow(20)
    state().ask('One?', [])
    state().stop()
    state().addPictures([file('a', 1), file('empty')])
    state().editQuestion(state().turns[0]!.id)
    await vi.waitFor(() => expect(state().setAside?.pictures.map(({ state }) => state)).toEqual(['ready', 'failed']))
    expect(state().draft.pictures).toEqual([])
    state().cancelEdit()
    expect(state().draft.pictures.map(({ state }) => state)).toEqual(['ready', 'failed'])
  })

  it('does not wait for pictures that were set aside', async () => {
    const { state, asked } = await openWindow(1000)
    state().ask('One?', [])
    state().stop()
    await asked(1)
    state().addPictures([file('a', 1)])
    state().editQuestion(state().turns[0]!.id)
    await state().submitDraft()
    expect(state().draft.pictures).toMatchObject([{ state: 'adding' }])
    await asked(2)
  })
})
