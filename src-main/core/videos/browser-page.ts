import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** A page that nobody sees. */
export interface HiddenPage {
  /** Fulfilled when its browser is gone, by whatever. */
  closed: Promise<unknown>
  close(): Promise<void>
}

export type OpenPage = (url: string) => Promise<HiddenPage>

/**
 * Opens pages in an installed browser without a window, with a profile of its own that is removed at the end. The
 * browser ends when this process does: it watches the pipe for debugging, over which nothing is ever sent.
 */
export function pageOpener(browser: string): OpenPage {
  return async (url) => {
    const profile = await mkdtemp(join(tmpdir(), 'owl-browser-'))
    const child = spawn(
      browser,
      [
        '--headless=new',
        '--remote-debugging-pipe',
        '--no-first-run',
        '--no-default-browser-check',
        '--disable-extensions',
        '--disable-background-networking',
        '--disable-component-update',
        '--mute-audio',
        `--user-data-dir=${profile}`,
        // Its sandbox cannot be had as root, as in a container.
        ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
        url,
      ],
      { stdio: ['ignore', 'ignore', 'ignore', 'pipe', 'pipe'] },
    )
    child.on('error', () => {})
    const closed = once(child, 'close').catch(() => {})
    return {
      closed,
      async close() {
        child.kill('SIGKILL')
        await closed
        // Its last helpers may write a moment longer.
        await rm(profile, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 }).catch(() => {})
      },
    }
  }
}
