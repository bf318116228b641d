import { greedy } from '../../src-main/inference/protocol.ts'
import { benchPicture, type Figure, type Measure, median, newClient, userTurn } from './measure.ts'

const repetitions = 5

/** From nothing (no process, no model) to the first piece of an answer about a picture. */
export const coldStart: Measure = {
  name: 'cold-start',
  async run({ modelFolder, threads }) {
    const firstText: number[] = []
    const load: number[] = []
    for (let repetition = 0; repetition < repetitions; repetition++) {
      const start = performance.now()
      const client = newClient()
      try {
        const model = await client.load({ folder: modelFolder, device: 'cpu', threads })
        load.push(model.loadMs)
        const messages = [userTurn('What is in the picture?', benchPicture('landscape'))]
        await client.generate(
          { messages, sampling: { ...greedy, maxTokens: 8 } },
          {
            onText: () => {
              if (firstText.length === repetition) firstText.push(performance.now() - start)
            },
          },
        )
      } finally {
        await client.close()
      }
    }
    const figures: Figure[] = [
      { name: 'cold start to first text', value: median(firstText), unit: 'ms' },
      { name: 'of it loading the model', value: median(load), unit: 'ms' },
    ]
    return figures
  },
}
