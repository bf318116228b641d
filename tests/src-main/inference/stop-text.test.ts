import { describe, expect, it } from 'vitest'
import { StopTextFilter } from '../../../src-main/inference/stop-text.ts'

/** Feeds pieces one by one; tells what was shown and whether the answer was ended. */
function run(stopTexts: string[], pieces: string[]) {
  const filter = new StopTextFilter(stopTexts)
  let shown = ''
  for (const piece of pieces) {
    const { text, stopped } = filter.push(piece)
    shown += text
    if (stopped) return { shown, stopped }
  }
  return { shown: shown + filter.flush(), stopped: false }
}

describe('stop texts', () => {
  it('finds a stop text that spans pieces, and shows nothing of it', () => {
    expect(run(['\nUSER:'], ['Yes.', '\nUS', 'ER', ': more'])).toEqual({ shown: 'Yes.', stopped: true })
  })

  it('shows what only looked like the beginning of one', () => {
    expect(run(['END'], ['the E', 'N', 'gine'])).toEqual({ shown: 'the ENgine', stopped: false })
    expect(run(['END'], ['the EN'])).toEqual({ shown: 'the EN', stopped: false })
    expect(run(['aab'], ['aa', 'ab'])).toEqual({ shown: 'a', stopped: true })
  })

  it('holds back no more than it has to', () => {
    const filter = new StopTextFilter(['###'])
    expect(filter.push('a#b##').text).toBe('a#b')
    expect(filter.push('c').text).toBe('##c')
  })

  it('ends at the earliest of several', () => {
    expect(run(['two', 'one'], ['zero one two'])).toEqual({ shown: 'zero ', stopped: true })
  })

  it('splits anywhere with the same result', () => {
    const text = 'a story that ends with <|stop|> and goes on'
    for (let cut = 0; cut <= text.length; cut++) {
      for (let second = cut; second <= text.length; second += 5) {
        const pieces = [text.slice(0, cut), text.slice(cut, second), text.slice(second)]
        expect(run(['<|stop|>'], pieces)).toEqual({ shown: 'a story that ends with ', stopped: true })
      }
    }
  })
})
