import { describe, expect, it } from 'vitest'
import { OwlError } from '../../../../native-models/owl-error.ts'
import { AnswerBatch } from '../../../../src-main/core/captions/answer-batch.ts'
import type { CaptionModel } from '../../../../src-main/core/captions/caption-maker.ts'
import { type GenerationRequest, type GenerationResult, greedy } from '../../../../src-main/inference/protocol.ts'

const textOf = ({ messages }: GenerationRequest) => (messages[0]!.parts[0] as { text: string }).text

/** A model whose process is lost whenever it is asked `harmful`, and whose first answers together always fail. */
function batchOf(code: 'device-lost' | 'inference-crashed' | 'internal') {
  const asked: string[] = []
  const model = {
    generate: async (request: GenerationRequest) => {
      const text = textOf(request)
      asked.push(text)
      if (text === 'harmful') throw new OwlError(code, 'Lost.')
      return { text } as GenerationResult
    },
    generateTogether: async () => {
      throw new OwlError(code, 'Lost.')
    },
  } as unknown as CaptionModel
  const batch = new AnswerBatch(model)
  const ask = async (...texts: string[]) => {
    const answers = texts.map((text) =>
      batch.generate(
        { messages: [{ role: 'user', parts: [{ type: 'text', text }] }], sampling: greedy },
        new AbortController().signal,
      ),
    )
    const ends = await Promise.allSettled(answers)
    return ends.map((end) => (end.status === 'fulfilled' ? end.value.text : OwlError.from(end.reason).code))
  }
  return { ask, asked }
}

describe('requests asked together', () => {
  it.each(['device-lost', 'inference-crashed'] as const)('are asked one by one after %s', async (code) => {
    const { ask, asked } = batchOf(code)
    expect(await ask('one', 'harmful', 'three')).toEqual(['one', code, 'three'])
    expect(asked).toEqual(['one', 'harmful', 'three'])
  })

  it('are asked once more where there is one only and the GPU was lost, but not where it ended the process', async () => {
    expect(await batchOf('device-lost').ask('one')).toEqual(['one'])
    expect(await batchOf('inference-crashed').ask('one')).toEqual(['inference-crashed'])
  })

  it('fail together for any other reason', async () => {
    const { ask, asked } = batchOf('internal')
    expect(await ask('one', 'two')).toEqual(['internal', 'internal'])
    expect(asked).toEqual([])
  })
})
