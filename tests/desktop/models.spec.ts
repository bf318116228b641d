import { join } from 'node:path'
import { HubServer } from '../native-models/install/hub/hub-server.ts'
import { root } from './served-window.ts'
import { expect, test } from './window.ts'

test('a model comes from a hub: plan, pause, continue, verify, remove', async ({ page }) => {
  const server = await new HubServer().start()
  server.addFolder('someone/tiny-owl', join(root, 'tests/fixtures/reference/tiny-gqa'))
  server.pauseMs = 300
  try {
    const views = page.getByRole('navigation', { name: 'Views' })
    await views.getByRole('button', { name: 'Settings' }).click()
    await page.getByLabel('Hub for models').fill(server.endpoint)
    await page.getByLabel('Hub for models').press('Enter')
    await views.getByRole('button', { name: 'Models' }).click()

    const form = page.getByRole('form', { name: 'Install a model' })
    // What cannot be installed is told where it was asked for.
    await form.getByLabel('Repository or folder').fill('someone/nothing')
    await form.getByRole('button', { name: 'What would it take?' }).click()
    await expect(form.getByRole('alert')).toBeInViewport()
    await form.getByLabel('Repository or folder').fill('someone/tiny-owl')
    await expect(form.getByRole('alert')).toHaveCount(0)
    await form.getByLabel('Runs on').selectOption('The processor')
    await form.getByRole('button', { name: 'What would it take?' }).click()
    await expect(form.getByText('Memory on the processor')).toBeVisible()
    const install = form.getByRole('button', { name: 'Install', exact: true })
    await expect(install).toBeDisabled()
    await form.getByRole('checkbox', { name: /I accept the LLaMA 2/ }).check()
    await install.click()

    const under = page.getByRole('region', { name: 'Being installed' })
    await expect(under).toContainText('someone/tiny-owl')
    await under.getByRole('button', { name: 'Pause' }).click()
    await expect(under).toContainText('Paused')
    await page.reload()
    await views.getByRole('button', { name: 'Models' }).click()
    await expect(under).toContainText('Paused')
    server.pauseMs = 0
    await under.getByRole('button', { name: 'Continue' }).click()

    const row = page
      .getByRole('region', { name: 'On this machine' })
      .getByRole('listitem')
      .filter({ hasText: 'tiny-owl' })
    await expect(row).toBeVisible({ timeout: 90_000 })
    await expect(under).toHaveCount(0)
    await expect(row.getByLabel('Runs on')).toHaveValue('cpu')
    await row.getByLabel('Runs on').selectOption('What the settings say')
    await page.reload()
    await views.getByRole('button', { name: 'Models' }).click()
    await expect(row.getByLabel('Runs on')).toHaveValue('auto')
    await row.getByRole('button', { name: 'Verify' }).click()
    await expect(row).toContainText('Whole: every file has its checksum. It answers as it did', { timeout: 60_000 })
    await row.getByRole('button', { name: 'Use' }).click()
    await expect(row).toContainText('in use')
    const other = page
      .getByRole('region', { name: 'On this machine' })
      .getByRole('listitem')
      .filter({ hasText: 'tiny-512' })
    await other.getByRole('button', { name: 'Use' }).click()
    await expect(other).toContainText('in use')

    await row.getByRole('button', { name: 'Remove' }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Remove' }).click()
    await expect(row).toHaveCount(0)
  } finally {
    await server.close()
  }
})
