import { sep } from 'node:path'
import { expect, it } from 'vitest'
import { filesOf } from '../../../src-main/desktop/opened-files.ts'

const folder = `${sep}home`

it('takes files, absolute and relative to where the program was started', () => {
  expect(filesOf([`${sep}tmp${sep}a.png`, 'b c.jpg'], folder)).toEqual([
    `${sep}tmp${sep}a.png`,
    `${sep}home${sep}b c.jpg`,
  ])
})

it('leaves switches, addresses and the program itself out', () => {
  expect(filesOf(['--no-sandbox', '.', '--inspect=1', '', 'owl://app/x', 'https://example.org/a.png'], folder)).toEqual(
    [],
  )
})

it('takes names that begin with a dash after two dashes', () => {
  expect(filesOf(['--x', '--', '-odd.png'], folder)).toEqual([`${sep}home${sep}-odd.png`])
})
