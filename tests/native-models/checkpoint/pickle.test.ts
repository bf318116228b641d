import { expect, test } from 'vitest'
import { type PickleGlobal, type PickleVocabulary, readPickle } from '../../../native-models/checkpoint/pickle.ts'
import { op, pickle } from './torch-archive.ts'

const sum: PickleGlobal = { name: 'test.sum', call: (args) => args.map(Number).reduce((total, value) => total + value) }
const mark: PickleGlobal = { name: 'test.mark' }
const vocabulary: PickleVocabulary = {
  globals: new Map([sum, mark].map((global) => [global.name, global])),
  persistent: (id) => ({ id }),
}
const read = (bytes: Buffer) => readPickle(bytes, 'a test', vocabulary)
const raw = (text: string) => Buffer.from(text, 'latin1')

// Written by Python's pickle module.
const everyKind =
  'gAJ9cQAoWAEAAABhcQFdcQIoSwFNLAFKcBEBAEr/////igYAAAAAAAFHP/gAAAAAAABOiIlYAgAAAMO8cQNlWAEAAABicQQoKUsBhXEFSwFLAoZx' +
  'BksBSwJLA4dxByhLAUsCSwNLBHRxCHRxCXUu'
const sharedList = 'gAJ9cQAoWAEAAAB4cQFdcQJLAWFYAQAAAHlxA2gCWAEAAABucQRdcQUoigYAAAAAAP+KBf////8AZXUu'
const protocol4 = 'gASVCgAAAAAAAAB9lIwBYZRLAXMu'
const protocol0 = 'KGRwMApWYQpwMQpJMQpzLg=='

test('reads every kind of plain value as Python writes it', () => {
  expect(read(Buffer.from(everyKind, 'base64'))).toEqual(
    new Map<string, unknown>([
      ['a', [1, 300, 70000, -1, 2 ** 40, 1.5, null, true, false, 'ü']],
      ['b', [[], [1], [1, 2], [1, 2, 3], [1, 2, 3, 4]]],
    ]),
  )
})

test('a value that occurs twice is one and the same', () => {
  const value = read(Buffer.from(sharedList, 'base64')) as Map<string, unknown>
  expect(value.get('n')).toEqual([-(2 ** 40), 0xffffffff])
  expect(value.get('x')).toEqual([1])
  expect(value.get('y')).toBe(value.get('x'))
})

test('calls the functions of its vocabulary and resolves persistent objects', () => {
  const three = [op.global('test', 'sum'), op.mark, op.int(1), op.int(2), op.tuple, op.reduce]
  expect(read(pickle(op.mark, ...three, op.text('key'), op.persistent, op.tuple))).toEqual([3, { id: 'key' }])
})

const refused: [string, Buffer, string, string][] = [
  ['an unknown global', pickle(op.global('os', 'system')), 'checkpoint-forbidden-pickle', 'os.system'],
  [
    'a call of a mark',
    pickle(op.global('test', 'mark'), op.emptyTuple, op.reduce),
    'checkpoint-forbidden-pickle',
    'calls',
  ],
  ['a call of a dictionary', pickle(op.emptyDict, op.emptyTuple, op.reduce), 'checkpoint-forbidden-pickle', 'calls'],
  ['attributes of a list', pickle(op.emptyList, op.emptyDict, op.build), 'checkpoint-forbidden-pickle', 'attributes'],
  ['INST', pickle(op.mark, raw('ios\nsystem\n')), 'checkpoint-forbidden-pickle', 'INST'],
  ['OBJ', pickle(op.mark, op.global('test', 'mark'), raw('o')), 'checkpoint-forbidden-pickle', 'OBJ'],
  ['NEWOBJ', pickle(op.global('test', 'mark'), op.emptyTuple, raw('\x81')), 'checkpoint-forbidden-pickle', 'NEWOBJ'],
  [
    'STACK_GLOBAL',
    pickle(op.text('os'), op.text('system'), raw('\x93')),
    'checkpoint-forbidden-pickle',
    'STACK_GLOBAL',
  ],
  ['an extension code', pickle(raw('\x82\x01')), 'checkpoint-forbidden-pickle', 'EXT1'],
  ['protocol 4', Buffer.from(protocol4, 'base64'), 'checkpoint-unsupported-format', 'protocol 4'],
  ['protocol 0', Buffer.from(protocol0, 'base64'), 'checkpoint-damaged', 'opcode 0x64'],
  ['nothing', Buffer.alloc(0), 'checkpoint-damaged', 'cut off'],
  ['no stop', Buffer.concat([op.start, op.none]), 'checkpoint-damaged', 'cut off'],
  ['nothing on the stack', pickle(), 'checkpoint-damaged', 'does not end'],
  ['two values', pickle(op.none, op.none), 'checkpoint-damaged', 'does not end'],
  ['bytes after the stop', Buffer.concat([pickle(op.none), op.none]), 'checkpoint-damaged', 'does not end'],
  ['a text longer than the file', pickle(raw('X\xff\xff\xff\xffab')), 'checkpoint-damaged', 'cut off'],
  ['a global without an end', Buffer.concat([op.start, raw('cos')]), 'checkpoint-damaged', 'cut off'],
  ['a value that was never kept', pickle(raw('h\x05')), 'checkpoint-damaged', 'not there'],
  ['keeping nothing', pickle(raw('q\x05')), 'checkpoint-damaged', 'not there'],
  ['a tuple of what is below its mark', pickle(op.none, op.mark, raw('\x85')), 'checkpoint-damaged', 'not there'],
  ['a tuple without a mark', pickle(op.tuple), 'checkpoint-damaged', 'did not open'],
  ['items of a list', pickle(op.emptyList, op.none, op.none, raw('s')), 'checkpoint-damaged', 'sets items'],
  ['an odd number of items', pickle(op.emptyDict, op.mark, op.none, op.setItems), 'checkpoint-damaged', 'sets items'],
  ['a list as a key', pickle(op.emptyDict, op.emptyList, op.none, raw('s')), 'checkpoint-damaged', 'plain value'],
  [
    'a key given twice',
    pickle(op.emptyDict, op.mark, op.text('a'), op.none, op.text('a'), op.none, op.setItems),
    'checkpoint-damaged',
    '"a" twice',
  ],
  ['appending to a dictionary', pickle(op.emptyDict, op.none, raw('a')), 'checkpoint-damaged', 'not a list'],
  ['a number of 200 bytes', pickle(raw(`\x8a\xc8${'\x7f'.repeat(200)}`)), 'checkpoint-damaged', 'too large'],
  ['very deep nesting', pickle(raw('('.repeat(100_000))), 'checkpoint-damaged', 'too deep'],
]

test.each(refused)('refuses %s', (_, bytes, code, message) => {
  expect(() => read(bytes)).toThrow(
    expect.objectContaining({ name: 'OwlError', code, message: expect.stringContaining(message) }),
  )
})

test('lists that hold one another many times over take no time and no memory', () => {
  // Each list holds the one before twice: 2^1000 leaves if anything walked them.
  const doubling = Array.from({ length: 1000 }, (_, i) =>
    raw(`](h${String.fromCharCode(i % 2)}h${String.fromCharCode(i % 2)}eq${String.fromCharCode((i + 1) % 2)}`),
  )
  const bytes = pickle(op.mark, op.none, raw('q\x00'), ...doubling, op.tuple)
  expect((read(bytes) as unknown[]).length).toBe(1001)
})
