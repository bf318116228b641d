import { isAbsolute, join, resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import { dataFolder } from '../../../src-main/core/data-folder.ts'

describe('dataFolder', () => {
  it('is what OWL_DATA_DIR names', () => {
    const root = resolve('somewhere')
    expect(dataFolder({ OWL_DATA_DIR: 'somewhere' })).toMatchObject({
      home: root,
      root,
      models: join(root, 'models'),
      attachments: join(root, 'attachments'),
      thumbnails: join(root, 'thumbnails'),
      transfers: join(root, 'transfers'),
      database: join(root, 'owl.sqlite'),
      settings: join(root, 'settings.json'),
      devices: join(root, 'devices.json'),
    })
  })

  it("is the platform's otherwise", () => {
    const { root } = dataFolder({ OWL_DATA_DIR: '' })
    expect(isAbsolute(root)).toBe(true)
    expect(root).toMatch(/owl-desktop/)
  })
})
