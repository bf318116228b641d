import type { Message } from '../../src-main/inference/protocol.ts'
import { greedy } from '../../src-main/inference/protocol.ts'
import { benchPicture, type Figure, type Measure, userTurn, withModel } from './measure.ts'

const mebibyte = 2 ** 20
const sampling = { ...greedy, maxTokens: 8 }

/** Time to the first token and memory as messages get more pictures, and as a conversation gets more turns. */
export const growth: Measure = {
  name: 'growth',
  async run(context) {
    const figures: Figure[] = []
    for (const count of [1, 4, 8, 16, 32]) {
      await withModel(context, async (client) => {
        await client.generate({ messages: [userTurn('What is this?', picture('warm'))], sampling })
        const pictures = Array.from({ length: count }, (_, index) => picture(`${count}-${index}`))
        const fits = count * client.model!.pictureRows + 40 < client.model!.contextRows
        if (!fits) {
          figures.push({ name: `${count} pictures: more than the context holds`, value: 0, unit: '' })
          return
        }
        const first = userTurn('What do they show?', ...pictures)
        const { stats, text } = await client.generate({ messages: [first], sampling })
        const next = await client.generate({
          messages: [first, answer(text), userTurn('And which colours?')],
          sampling,
        })
        figures.push(
          { name: `${count} pictures: first token`, value: stats.firstTokenMs, unit: 'ms' },
          { name: `${count} pictures: first token of the next turn`, value: next.stats.firstTokenMs, unit: 'ms' },
          { name: `${count} pictures: memory`, value: (await client.residentBytes()) / mebibyte, unit: 'MiB' },
        )
      })
    }
    // A picture in every fifth turn, as they would soon fill the context otherwise.
    await withModel(context, async (client) => {
      await client.generate({ messages: [userTurn('What is this?', picture('warm'))], sampling })
      const messages: Message[] = []
      for (let turn = 1; turn <= 50; turn++) {
        messages.push(
          turn % 5 === 1 ? userTurn(`What is in it, ${turn}?`, picture(`turn-${turn}`)) : userTurn(`And ${turn}?`),
        )
        const { stats, text } = await client.generate({ messages, sampling })
        messages.push(answer(text))
        // Turns with a picture of their own do more than the others: they are not compared with them.
        if (![2, 10, 50].includes(turn)) continue
        figures.push(
          { name: `turn ${turn} (${stats.promptRows} rows): first token`, value: stats.firstTokenMs, unit: 'ms' },
          { name: `turn ${turn}: memory`, value: (await client.residentBytes()) / mebibyte, unit: 'MiB' },
        )
      }
    })
    return figures
  },
}

/** The same picture under another hash, so that it is encoded anew. */
function picture(hash: string) {
  return { ...benchPicture('landscape'), hash }
}

function answer(text: string): Message {
  return { role: 'assistant', parts: [{ type: 'text', text }] }
}
