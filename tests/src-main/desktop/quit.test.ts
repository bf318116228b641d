import { EventEmitter } from 'node:events'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { closeBeforeExit } from '../../../src-main/desktop/quit.ts'

/** As Electron's: a quit that is not held back ends the program. */
const app = vi.hoisted(() => ({ on: vi.fn(), exit: vi.fn(), relaunch: vi.fn() }))
vi.mock('electron', () => ({ app }))

let events: EventEmitter
beforeEach(() => {
  events = new EventEmitter()
  app.on.mockImplementation((name: string, listener: () => void) => events.on(name, listener))
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
  vi.clearAllMocks()
})

/** Returns whether Electron would end the program now. */
function quit(): boolean {
  let isHeld = false
  events.emit('will-quit', { preventDefault: () => (isHeld = true) })
  return !isHeld
}

it('ends the program once all is closed, however often it is asked to quit', async () => {
  let closed = () => {}
  const close = vi.fn(() => new Promise<void>((resolve) => (closed = resolve)))
  closeBeforeExit(close, () => false)
  expect(quit()).toBe(false)
  expect(quit()).toBe(false)
  await vi.advanceTimersByTimeAsync(5000)
  expect(app.exit).not.toHaveBeenCalled()
  closed()
  await vi.advanceTimersByTimeAsync(0)
  expect(close).toHaveBeenCalledTimes(1)
  expect(app.exit).toHaveBeenCalledTimes(1)
  expect(app.relaunch).not.toHaveBeenCalled()
})

it('ends it, too, where closing fails or never comes to an end', async () => {
  closeBeforeExit(
    () => Promise.reject(new Error('no')),
    () => false,
  )
  quit()
  await vi.advanceTimersByTimeAsync(0)
  expect(app.exit).toHaveBeenCalledTimes(1)
  events.removeAllListeners()
  closeBeforeExit(
    () => new Promise(() => {}),
    () => false,
  )
  quit()
  await vi.advanceTimersByTimeAsync(9000)
  expect(app.exit).toHaveBeenCalledTimes(1)
  await vi.advanceTimersByTimeAsync(1000)
  expect(app.exit).toHaveBeenCalledTimes(2)
})

it('starts an installer after closing, and lets it quit the program', async () => {
  const order: string[] = []
  const install = () => {
    order.push('installed')
    setImmediate(() => order.push(quit() ? 'ended' : 'held'))
    return true
  }
  closeBeforeExit(async () => void order.push('closed'), install)
  quit()
  await vi.advanceTimersByTimeAsync(10)
  expect(order).toEqual(['closed', 'installed', 'ended'])
  expect(app.exit).not.toHaveBeenCalled()
})

it('comes back where the installer did not start', async () => {
  closeBeforeExit(
    async () => {},
    () => true,
  )
  quit()
  await vi.advanceTimersByTimeAsync(1000)
  expect(app.relaunch).toHaveBeenCalledTimes(1)
  expect(app.exit).toHaveBeenCalledTimes(1)
})
