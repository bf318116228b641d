import { describe, expect, it } from 'vitest'
import { scoreCaptions } from '../../../src-main/core/caption-score.ts'

describe('scoreCaptions', () => {
  const window = { facts: ['window', 'dark', '2 buttons', 'ok'], text: ['Save file', 'OK', 'Later'] }
  const chart = { facts: ['chart', '3 bars'], text: ['Tea'] }

  it('counts what is stated and true, and which facts are stated', () => {
    const score = scoreCaptions([
      { ...window, caption: 'A dark window titled "Save file" with 2 buttons.' },
      { ...chart, caption: 'A chart with three bars.' },
    ])
    expect(score).toEqual({ n: 2, statedTrue: 1, factsStated: 5 / 6 })
  })

  it('counts facts of other pictures and invented quotations as untrue', () => {
    const score = scoreCaptions([
      { ...window, caption: 'A window with 3 bars that says "Hello".' },
      { ...chart, caption: 'Nothing in particular.' },
    ])
    expect(score).toEqual({ n: 2, statedTrue: 1 / 3, factsStated: 1 / 6 })
  })

  it('takes whole words only, and lets text be quoted that is no fact', () => {
    const score = scoreCaptions([{ ...window, caption: 'Darkness, windows; it says “later”.' }])
    expect(score).toEqual({ n: 1, statedTrue: 1, factsStated: 0 })
  })
})
