import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import onnxProto from 'onnx-proto'
import { expect, test } from 'vitest'
import { InstalledGraph } from '../../../native-models/onnx/installed-graph.ts'
import { temporaryFolder } from '../checkpoint/temporary-folder.ts'

const values = Uint8Array.of(1, 2, 3, 4)

/** A graph with one weight of four bytes, said to lie at a location, in a folder beside a file of the same bytes. */
async function graphWith(location: string): Promise<{ root: string; graph: InstalledGraph }> {
  const root = await temporaryFolder()
  const folder = join(root, 'model')
  await mkdir(folder)
  for (const file of [join(root, 'secret.bin'), join(folder, 'graph.weights.0')]) await writeFile(file, values)
  const externalData = [
    { key: 'location', value: location },
    { key: 'offset', value: '0' },
    { key: 'length', value: '4' },
  ]
  const initializer = [{ name: 'weight', dataType: 2, dims: [4], dataLocation: 1, externalData }]
  await writeFile(join(folder, 'graph.onnx'), onnxProto.onnx.ModelProto.encode({ graph: { initializer } }).finish())
  return { root, graph: await InstalledGraph.open(join(folder, 'graph.onnx')) }
}

test('reads a weight from a file beside the graph', async () => {
  const { graph } = await graphWith('graph.weights.0')
  expect(await graph.read('weight')).toEqual(values)
})

test.each(['../secret.bin', './../secret.bin', 'a/../../secret.bin', '..\\secret.bin', ''])(
  'reads nothing that a graph names as %j',
  async (location) => {
    const { graph } = await graphWith(location)
    await expect(graph.read('weight')).rejects.toMatchObject({
      code: 'model-damaged',
      message: expect.stringContaining("outside the model's own folder"),
    })
  },
)

test('reads nothing at an absolute path', async () => {
  const { root } = await graphWith('graph.weights.0')
  const { graph } = await graphWith(join(root, 'secret.bin'))
  await expect(graph.read('weight')).rejects.toMatchObject({ code: 'model-damaged' })
})
