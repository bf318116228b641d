import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { readWindowState, writeWindowState } from '../../../src-main/desktop/window-state.ts'

const folder = mkdtempSync(join(tmpdir(), 'owl-window-state-'))
const path = join(folder, 'window.json')
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const screen = { x: 0, y: 0, width: 1920, height: 1080 }
const state = { bounds: { x: 100, y: 80, width: 1100, height: 780 }, maximized: true }

it('opens where it was closed', () => {
  writeWindowState(path, state)
  expect(readdirSync(folder)).toEqual(['window.json'])
  expect(readWindowState(path, [screen])).toEqual(state)
})

it('opens afresh where that screen is gone', () => {
  writeWindowState(path, { ...state, bounds: { ...state.bounds, x: 2500 } })
  expect(readWindowState(path, [screen])).toBeUndefined()
  expect(readWindowState(path, [screen, { ...screen, x: 1920 }])).toBeDefined()
})

it('opens afresh where the file is missing or damaged', () => {
  expect(readWindowState(join(folder, 'none.json'), [screen])).toBeUndefined()
  for (const damaged of ['', '{', '{"bounds":{"x":1},"maximized":false}', 'null']) {
    writeFileSync(path, damaged)
    expect(readWindowState(path, [screen])).toBeUndefined()
  }
})

it('is no error where it cannot be kept', () => {
  expect(() => writeWindowState(join(folder, 'no', 'such', 'folder.json'), state)).not.toThrow()
})
