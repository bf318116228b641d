import { execFile } from 'node:child_process'
import { once } from 'node:events'
import { text } from 'node:stream/consumers'
import { promisify } from 'node:util'
import { describe, expect, it } from 'vitest'
import packageJson from '../../../package.json' with { type: 'json' }
import { owl, startOwl } from './owl.ts'

describe('owl, used rightly', { timeout: 300_000 }, () => {
  it.each([
    [['--help'], /owl ask dialog\.png/],
    [['ask', '--help'], /Examples:/],
    [['models', '--help'], /owl models add/],
  ])('explains itself: %j', async (words, expected) => {
    const { code, stdout, stderr } = await owl(words)
    expect(stdout).toMatch(expected)
    expect(stderr).toBe('')
    expect(code).toBe(0)
  })

  it('ends quietly when its reader has seen enough', async () => {
    const child = startOwl(['--help'])
    child.stdout.destroy()
    const [stderr, [code]] = await Promise.all([text(child.stderr), once(child, 'close')])
    expect(stderr).toBe('')
    expect(code).toBe(0)
  })

  it('tells its version', async () => {
    expect(await owl(['--version'])).toMatchObject({ code: 0, stdout: `${packageJson.version}\n` })
  })
})

const picture = 'tests/fixtures/reference/images/small.png'

describe('owl, used wrongly', { timeout: 300_000 }, () => {
  it.each([
    [[]],
    [['fly']],
    [['ask']],
    [['ask', '--wings', '2', 'Q?']],
    [['ask', '--temperature', 'hot', 'Q?']],
    [['ask', '--device', 'abacus', 'Q?']],
    [['ask', '-', '-', 'Q?']],
    [['ask', picture]],
    [['ask', picture, ' ']],
    [['ask', picture, 'what', 'does it say']],
    [['models', 'paint']],
    [['serve', '--port', '70000']],
  ])('ends with 2 and says what is wrong: %j', async (words) => {
    const { code, stdout, stderr } = await owl(words)
    expect(stderr).toMatch(/--help|Usage|The question comes last/)
    expect(stderr).not.toMatch(/^\s+at /m)
    expect(stdout).toBe('')
    expect(code).toBe(2)
  })
})

it('ends at once where the model of a question is not there, although a picture was to be read', {
  timeout: 300_000,
}, async () => {
  const began = performance.now()
  const { code, stderr } = await owl(['ask', '--model', 'nosuch', picture, 'What?'])
  expect(stderr).toContain('nosuch')
  expect(code).toBe(1)
  // The process that reads would end by itself after two minutes.
  expect(performance.now() - began).toBeLessThan(60_000)
})

describe('owl completion', { timeout: 300_000 }, () => {
  const complete = async (...words: string[]) => {
    const { stdout: script } = await owl(['completion', 'bash'])
    const line = `${script}\nCOMP_WORDS=(${words.map((word) => `'${word}'`).join(' ')})\nCOMP_CWORD=${words.length - 1}\n_owl\necho "\${COMPREPLY[@]}"`
    return (await promisify(execFile)('bash', ['-c', `shopt -s extglob\n${line}`])).stdout.trim().split(' ')
  }

  it('completes commands, nested commands and options in bash', async () => {
    expect(await complete('owl', 'mo')).toEqual(['models'])
    expect(await complete('owl', 'models', 'ver')).toEqual(['verify'])
    expect(await complete('owl', 'ask', '--temp')).toEqual(['--temperature'])
    expect(await complete('owl', 'models', 'list', '--j')).toEqual(['--json'])
  })
})
