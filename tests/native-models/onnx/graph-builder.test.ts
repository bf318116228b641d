import { expect, test } from 'vitest'
import { GraphBuilder } from '../../../native-models/onnx/graph-builder.ts'
import { add } from '../../../native-models/onnx/operators.ts'

test('equal constants are stored once', () => {
  const g = new GraphBuilder('constants')
  expect(g.int64(1, 2)).toBe(g.int64(1, 2))
  expect(g.int64(1, 2)).not.toBe(g.int64(2, 1))
  expect(g.int64(0)).not.toBe(g.constant('int64', [], BigInt64Array.of(0n)))
  expect(g.constants.length).toBe(4)
})

test('names tell the scope and are never the same', () => {
  const g = new GraphBuilder('names')
  const x = g.input('x', 'float32', [1])
  g.within('layer.0', () => {
    add(g, x, x)
    g.within('attention', () => add(g, x, x))
    add(g, x, x)
  })
  add(g, x, x)
  const names = g.nodes.map(({ name }) => name)
  expect(names).toEqual(['layer.0/Add', 'layer.0/attention/Add', 'layer.0/Add.1', 'Add'])
  const outputs = g.nodes.flatMap((node) => node.outputs)
  expect(new Set(outputs).size).toBe(4)
})

test('a name that is taken, and a second name for one value, are refused', () => {
  const g = new GraphBuilder('taken')
  const x = g.input('x', 'float32', [1])
  expect(() => g.input('x', 'float32', [1])).toThrow(/two tensors named x/)
  const sum = add(g, x, x)
  g.output('sum', sum, [1])
  expect(() => g.output('again', sum, [1])).toThrow(/an output already/)
})
