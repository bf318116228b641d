import { defineConfig } from '@playwright/test'

/** The window in a real browser, over the built program: run `npm run build` first. */
export default defineConfig({
  testDir: '.',
  outputDir: '../../test-results',
  // The model and the browser share the machine's cores.
  workers: 1,
  // A test that needed its second try is reported as flaky.
  retries: 1,
  timeout: 180_000,
  expect: { timeout: 30_000 },
  forbidOnly: Boolean(process.env.CI),
  reporter: [['list']],
  use: {
    locale: 'en-US',
    viewport: { width: 1280, height: 800 },
    permissions: ['clipboard-read', 'clipboard-write'],
    screenshot: 'only-on-failure',
    launchOptions: {
      executablePath: process.env.OWL_BROWSER ?? '/usr/bin/chromium',
      // Chromium has no sandbox for root, as whom tests run in containers.
      args: process.getuid?.() === 0 ? ['--no-sandbox'] : [],
    },
  },
})
