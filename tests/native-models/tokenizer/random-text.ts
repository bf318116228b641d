/** Repeatable pseudo-random numbers in [0, 1) (a 32-bit linear congruential generator). */
export function randomNumbers(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return state / 2 ** 32
  }
}

const fragments = [
  ...['a', 'aa', 'e', 'x', 'xx', 'the ', 'The', 'ing', 'tion', 'http', '://', 'print', '00', '1', '23', '1.5'],
  ...[
    ' ',
    '  ',
    '\n',
    '\t',
    '\r\n',
    '-',
    '--',
    '==',
    '__',
    '...',
    ',',
    '?',
    '(',
    ')',
    '{}',
    '//',
    '\\',
    '**',
    '<',
    '>',
  ],
  ...[
    'é',
    'e\u0301',
    'ß',
    'İ',
    '中',
    '描述',
    'かな',
    '한',
    'привет',
    'مر',
    'हि',
    '🦉',
    '👩\u200d👧',
    '\u200b',
    '\u00a0',
    'Ａ',
  ],
  ...['</s>', '<s>', '<unk>', '<0x41>', '<|im_end|>', '<|im_start|>', '<|image|>', '<|endoftext|>'],
]

/** Text of letters, runs, scripts, white space and names of control tokens. */
export function randomText(random: () => number): string {
  const pick = () => fragments[Math.floor(random() * fragments.length)]!
  // A few fragments repeated make runs, where the order of merges shows.
  const source = random() < 0.5 ? Array.from({ length: 1 + Math.floor(random() * 4) }, pick) : null
  const length = 1 + Math.floor(random() * 24)
  return Array.from({ length }, () => (source ? source[Math.floor(random() * source.length)]! : pick())).join('')
}
