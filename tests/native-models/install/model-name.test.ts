import { expect, test } from 'vitest'
import { checkName, nameAfter } from '../../../native-models/install/model-name.ts'

test.each([
  ['mplug-owl2-llama2-7b', 'mplug-owl2-llama2-7b'],
  ['mPLUG Owl2 (7B)', 'mplug-owl2-7b'],
  ['v1.5_final', 'v1.5-final'],
  ['..', ''],
])('the name after %j is %j', (text, name) => {
  expect(nameAfter(text)).toBe(name)
})

test('a name after any text is a possible one', () => {
  checkName(nameAfter(`${'-'.repeat(3)}${'Ä owl '.repeat(40)}`))
})

test.each(['', 'Owl', '../owl', 'a/b', '.owl', 'owl.partial', 'a'.repeat(65)])('refuses %j', (name) => {
  expect(() => checkName(name)).toThrow(expect.objectContaining({ code: 'request-invalid' }))
})
