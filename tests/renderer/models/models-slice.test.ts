import { describe, expect, it } from 'vitest'
import { createOwlStore } from '../../../src-renderer/app/store.ts'
import { memoryShell, readyModel } from '../memory-shell.ts'

describe('the state of the model in a window', () => {
  it('is the latest, also where the list of models takes longer to come', async () => {
    let giveList = () => {}
    const list = new Promise<[]>((resolve) => {
      giveList = () => resolve([])
    })
    const main = memoryShell({
      'models.list': () => list,
      'models.state': () => ({ state: 'loading', name: 'tiny' }),
    })
    const store = createOwlStore(main.shell)
    const refreshed = store.getState().refreshModels()
    await expect.poll(() => store.getState().model.state).toBe('loading')
    main.emit('models.changed', readyModel)
    giveList()
    await refreshed
    expect(store.getState().model).toEqual(readyModel)
  })
})
