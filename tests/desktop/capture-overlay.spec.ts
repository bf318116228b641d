import { readFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { test as base, expect } from '@playwright/test'
import sirv from 'sirv'
import { windowHeaders } from '../../src-main/ipc/content-security.ts'
import { root } from './served-window.ts'
import { picturePath } from './window.ts'

/** The page over a frozen screen, served as Electron's protocol does it, with the choices that it posts. */
const test = base.extend<{ overlay: { open: (kind: string) => Promise<void>; choices: unknown[] } }>({
  overlay: async ({ page }, use) => {
    const choices: unknown[] = []
    let kind = 'region'
    const files = sirv(join(root, 'out/renderer'), {
      setHeaders: (response) => {
        for (const [name, value] of Object.entries(windowHeaders)) response.setHeader(name, value)
      },
    })
    const server: Server = createServer((request, response) => {
      if (request.url === '/captures/x' && request.method === 'POST') {
        let body = ''
        request.on('data', (piece) => {
          body += piece
        })
        request.on('end', () => {
          choices.push(JSON.parse(body))
          response.writeHead(204).end()
        })
      } else if (request.url === '/captures/x') {
        const frames = ['First', 'Second'].map((name) => ({ name, width: 2560, height: 1600 }))
        response.setHeader('Content-Type', 'application/json')
        response.end(JSON.stringify({ kind, frames }))
      } else if (request.url?.startsWith('/captures/')) {
        response.setHeader('Content-Type', 'image/png')
        response.end(readFileSync(picturePath('landscape')))
      } else files(request, response)
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const { port } = server.address() as AddressInfo
    await use({
      choices,
      async open(wanted) {
        kind = wanted
        await page.goto(`http://127.0.0.1:${port}/capture/index.html?id=x&language=en`)
        await expect(page.getByText(/Esc leaves/)).toBeVisible()
      },
    })
    server.close()
  },
})

test('a part of the screen is drawn, and its size in pixels is read out', async ({ page, overlay }) => {
  await overlay.open('region')
  await page.mouse.move(320, 200)
  await page.mouse.down()
  await page.mouse.move(640, 400, { steps: 4 })
  // The page is 1280 by 800 over a screen of twice that.
  await expect(page.getByText('640 × 400')).toBeVisible()
  await page.mouse.up()
  await expect.poll(() => overlay.choices).toEqual([{ frame: 0, rect: { x: 640, y: 400, width: 640, height: 400 } }])
})

test('keys alone choose a part, or leave', async ({ page, overlay }) => {
  await overlay.open('region')
  await page.keyboard.press('ArrowRight')
  await page.keyboard.press('Shift+ArrowDown')
  await expect(page.getByText('1280 × 820')).toBeVisible()
  await page.keyboard.press('Enter')
  await page.keyboard.press('Escape')
  await expect
    .poll(() => overlay.choices)
    .toEqual([{ frame: 0, rect: { x: 660, y: 400, width: 1280, height: 820 } }, null])
})

test('a window is chosen from a list', async ({ page, overlay }) => {
  await overlay.open('windows')
  // Side by side, and none of them cut off.
  const boxes = await Promise.all((await page.getByRole('button').all()).map((button) => button.boundingBox()))
  expect(boxes[1]!.y).toBe(boxes[0]!.y)
  expect(boxes[1]!.x).toBeGreaterThanOrEqual(boxes[0]!.x + boxes[0]!.width)
  await page.getByRole('button', { name: 'Second' }).click()
  await expect.poll(() => overlay.choices).toEqual([{ frame: 1 }])
})
