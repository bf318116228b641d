import { type IpcMainEvent, type IpcMainInvokeEvent, ipcMain } from 'electron'
import { OwlError } from '../../native-models/owl-error.ts'
import type { Assistant } from '../core/assistant.ts'
import { type CallReply, type EventMessage, electronChannels } from './electron-channels.ts'
import { WindowSession } from './window-session.ts'

/**
 * Carries the contract between main and Electron's windows: calls by `invoke`, events over one MessagePort a window.
 * @param isOwnPage whether an address is a page of the program; messages of all others are refused
 */
export function serveWindowsOverElectron(assistant: Assistant, isOwnPage: (url: string) => boolean): void {
  const sessions = new Map<number, WindowSession>()

  function isTrusted(event: IpcMainEvent | IpcMainInvokeEvent): boolean {
    const frame = event.senderFrame
    return frame !== null && frame === event.sender.mainFrame && isOwnPage(frame.url)
  }

  // A reloaded window connects anew; its old port closes, and with it the answers it had asked for.
  ipcMain.on(electronChannels.connect, (event) => {
    const port = event.ports[0]
    if (!port || !isTrusted(event)) return
    const window = event.sender.id
    const session = new WindowSession(assistant, 'electron', (name, payload) => {
      port.postMessage({ event: name, payload } satisfies EventMessage)
    })
    sessions.get(window)?.close()
    sessions.set(window, session)
    port.on('close', () => {
      session.close()
      if (sessions.get(window) === session) sessions.delete(window)
    })
    port.start()
  })

  ipcMain.handle(electronChannels.call, async (event, name: unknown, input: unknown): Promise<CallReply> => {
    try {
      const session = isTrusted(event) ? sessions.get(event.sender.id) : undefined
      if (!session) throw new OwlError('unauthorised', 'The call did not come from a window of the program.')
      return { output: await session.call(String(name), input) }
    } catch (thrown) {
      return { error: OwlError.from(thrown).toMessage() }
    }
  })
}
