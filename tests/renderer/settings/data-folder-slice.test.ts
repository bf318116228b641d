import { expect, it } from 'vitest'
import { createOwlStore } from '../../../src-renderer/app/store.ts'
import { aMoment, memoryShell } from '../memory-shell.ts'

it('tells how far a move is, whatever view is shown, and nothing of it afterwards', async () => {
  let end = () => {}
  const main = memoryShell({
    'folder.move': () => new Promise<void>((resolve) => (end = resolve)),
    'folder.state': () => ({ path: '/here', movingTo: '/there', old: [] }),
  })
  const { getState: now } = createOwlStore(main.shell)
  const moved = now().moveDataFolder('/there')
  expect(now().folderWork).toBe('begun')
  void now().moveDataFolder('/elsewhere')
  const progress = { stage: 'copying', done: 1, total: 4, unit: 'bytes' } as const
  main.emit('folder.moving', progress)
  expect(now().folderWork).toEqual(progress)
  await aMoment()
  end()
  await moved
  main.emit('folder.moving', progress)
  expect(now()).toMatchObject({ folderWork: undefined, folderError: undefined, dataFolder: { movingTo: '/there' } })
  expect(main.callsOf('folder.move')).toEqual([{ to: '/there' }])
})

it('says why a move failed, unless it was given up', async () => {
  let code = 'folder-not-usable'
  const main = memoryShell({
    'folder.move': () => {
      throw { code, message: 'no', hint: '' }
    },
  })
  const { getState: now } = createOwlStore(main.shell)
  await now().moveDataFolder('/there')
  expect(now().folderError?.code).toBe('folder-not-usable')
  code = 'cancelled'
  await now().moveDataFolder('/there')
  expect(now().folderError).toBeUndefined()
})
