import { expect, test } from 'vitest'
import { parseJsonObject } from '../../../native-models/checkpoint/strict-json.ts'

test('accepts one name in several objects, and names that look like JSON', () => {
  const value = {
    a: { a: [{ a: 1 }, { a: 2 }] },
    '"a":{': '"b": "b": }{',
    'b\\': { '': '', ' ': '\\' },
    ['"'.repeat(9)]: 0,
  }
  expect(parseJsonObject(JSON.stringify(value, null, 2), 'it')).toEqual(value)
})

test.each(['{"a":1,"a":1}', '{"x":[{"a":{}, "a" : 2}]}', '{"a":{"b":1},"\\u0061":2}', '{"":1,"":2}'])(
  'refuses %s',
  (text) => {
    expect(() => parseJsonObject(text, 'it')).toThrow(expect.objectContaining({ code: 'checkpoint-damaged' }))
  },
)

test('takes a text of many megabytes', () => {
  const long = `"${'\\n'.repeat(4_000_000)}"`
  expect(parseJsonObject(`{"a":${long}}`, 'it')).toEqual({ a: '\n'.repeat(4_000_000) })
})
