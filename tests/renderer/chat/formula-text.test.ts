import { describe, expect, it } from 'vitest'
import { markFormulas, mayHaveFormulas } from '../../../src-renderer/chat/formula-text.ts'

describe('markFormulas', () => {
  it('keeps formulas in dollars', () => {
    for (const text of ['So $x^2 + 1$ grows.', '$a$, $b_1$.', '$$\nx = \\frac{1}{2}\n$$', 'cost \\$5']) {
      expect(markFormulas(text)).toBe(text)
    }
  })

  it('takes brackets for formulas, too', () => {
    expect(markFormulas('So \\(x^2\\) grows')).toBe('So $x^2$ grows')
    expect(markFormulas('Then \\[ a = b \\] follows')).toBe('Then \n$$\na = b\n$$\n follows')
  })

  it('leaves money alone', () => {
    expect(markFormulas('It costs $5 and $10.')).toBe('It costs \\$5 and \\$10.')
    expect(markFormulas('US$ 5, $7')).toBe('US\\$ 5, \\$7')
  })

  it('leaves code alone', () => {
    const fence = 'Run:\n```sh\necho $HOME $1\n```\nand `$PATH` or ``a`$b``.'
    expect(markFormulas(fence)).toBe(fence)
    expect(markFormulas('```\n$open')).toBe('```\n$open')
  })

  it('escapes what is half written', () => {
    expect(markFormulas('Then $x = ')).toBe('Then \\$x = ')
  })
})

it('sees when there is nothing to do', () => {
  expect(mayHaveFormulas('plain *text*')).toBe(false)
  expect(mayHaveFormulas('\\(x\\)')).toBe(true)
})
