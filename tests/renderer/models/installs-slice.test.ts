import { describe, expect, it } from 'vitest'
import { createOwlStore } from '../../../src-renderer/app/store.ts'
import { memoryShell } from '../memory-shell.ts'

const failure = (message: string) => ({ code: 'internal', message, hint: '' })

describe('what fails with models', () => {
  it('is told until something else is done, although the lists are refreshed', async () => {
    const main = memoryShell({
      'models.pause': () => {
        throw failure('cannot pause')
      },
    })
    const { getState: now } = createOwlStore(main.shell)
    await now().changeInstall('x', 'pause')
    await now().refreshInstalls()
    expect(main.callsOf('models.catalogue')).toHaveLength(2)
    expect(now().modelsError).toEqual(failure('cannot pause'))
    await now().changeInstall('x', 'resume')
    expect(now().modelsError).toBeUndefined()
  })

  it('is told no longer where it was a refresh, and one came through', async () => {
    let isLost = true
    const main = memoryShell({
      'models.catalogue': () => {
        if (isLost) throw failure('lost')
        return []
      },
    })
    const { getState: now } = createOwlStore(main.shell)
    await now().refreshInstalls()
    expect(now().modelsError).toEqual(failure('lost'))
    isLost = false
    await now().refreshInstalls()
    expect(now().modelsError).toBeUndefined()
  })

  it('stays in its form', async () => {
    const main = memoryShell({
      'models.setToken': () => {
        throw failure('keychain locked')
      },
    })
    const { getState: now } = createOwlStore(main.shell)
    expect(await now().setToken('abcd')).toBe(false)
    expect(now().modelWork.token).toEqual({ isRunning: false, error: failure('keychain locked') })
  })
})

it('exports once, however often it is told to, and says where to', async () => {
  const main = memoryShell({ 'models.export': () => ({ folder: '/out/owl' }) })
  const { getState: now } = createOwlStore(main.shell)
  const both = Promise.all([now().exportModel('owl', '/out'), now().exportModel('owl', '/out')])
  expect(now().modelWork['export owl']).toEqual({ isRunning: true })
  await both
  expect(main.callsOf('models.export')).toHaveLength(1)
  expect(now().modelWork['export owl']).toEqual({ isRunning: false, folder: '/out/owl' })
})
