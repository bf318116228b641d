import type { Session } from 'electron'
import { expect, it, vi } from 'vitest'
import { denyPermissions } from '../../../src-main/desktop/window.ts'

vi.mock('electron', () => ({}))

it('lets a page write to the clipboard, and the window fill the screen with a video', () => {
  const handlers: Record<string, (...words: unknown[]) => unknown> = {}
  const session = new Proxy({}, { get: (_, name) => (handler: () => unknown) => (handlers[String(name)] = handler) })
  denyPermissions(session as Session)
  const may = (permission: string, address: string) => {
    const page = { getURL: () => address }
    let answer: unknown
    handlers.setPermissionRequestHandler!(page, permission, (given: unknown) => (answer = given))
    expect(handlers.setPermissionCheckHandler!(page, permission)).toBe(answer)
    return answer
  }
  expect(may('clipboard-sanitized-write', 'owl://app/index.html')).toBe(true)
  expect(may('fullscreen', 'owl://app/index.html')).toBe(true)
  expect(may('fullscreen', 'owl://app/capture/index.html')).toBe(false)
  expect(may('fullscreen', 'http://127.0.0.1:1/')).toBe(false)
  for (const other of ['media', 'clipboard-read', 'geolocation', 'notifications']) {
    expect(may(other, 'owl://app/index.html'), other).toBe(false)
  }
  expect(handlers.setPermissionCheckHandler!(null, 'fullscreen')).toBe(false)
})
