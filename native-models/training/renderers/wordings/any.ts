/** Any picture. See `../wordings.ts`. */
export const ANY_WORDINGS = {
  caption: [
    'Describe the picture.',
    'What is shown here?',
    'Describe this in one sentence.',
    'Give a short description.',
    'Summarise the picture in a sentence.',
    'What am I looking at?',
    'Caption this.',
    'Write a caption for the picture.',
  ],
  thing: [
    'Does the picture show a {x}?',
    'Can a {x} be seen?',
    'Is there a {x} in the picture?',
    'Do you see a {x} here?',
    'Can you see a {x}?',
    'Does this show a {x}?',
    'any {x} here?',
  ],
} as const satisfies Record<string, readonly string[]>
