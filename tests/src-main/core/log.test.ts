import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { OwlError } from '../../../native-models/owl-error.ts'
import { Log } from '../../../src-main/core/log.ts'

let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'owl-log-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

it('writes events with the time, one a line', () => {
  const log = new Log(join(folder, 'logs'))
  log.write('model loaded', { name: 'owl-mini', ms: 412 })
  log.write('window opened')
  const [first, second] = log.read().trim().split('\n')
  expect(first).toMatch(/^\d{4}-\d\d-\d\dT[\d:.]+Z model loaded name="owl-mini" ms=412$/)
  expect(second).toMatch(/Z window opened$/)
})

it('names the code of an error, and none of its words', () => {
  const log = new Log(folder)
  log.writeError('answer failed', new OwlError('picture-unreadable', '/home/ann/secret.png cannot be read.'))
  log.writeError('call failed', new TypeError('text of a question'))
  expect(log.read()).toContain('code="picture-unreadable"')
  expect(log.read()).toMatch(/code="internal" kind="TypeError" at="at .*core\/log\.test\.ts:\d+:\d+/)
  expect(log.read()).not.toMatch(/secret|question/)
})

it('does not grow without end, and keeps the last file', () => {
  const log = new Log(folder)
  writeFileSync(log.path, `${'x'.repeat(600 * 1024)}\n`)
  log.write('after')
  expect(readFileSync(log.path, 'utf8')).toMatch(/^\S+ after\n$/)
  expect(log.read()).toMatch(/^x+\n\S+ after\n$/)
})

it('is no reason to fail where nothing can be written', () => {
  writeFileSync(join(folder, 'file'), '')
  const log = new Log(join(folder, 'file', 'logs'))
  expect(() => log.write('event')).not.toThrow()
  expect(log.read()).toBe('')
})
