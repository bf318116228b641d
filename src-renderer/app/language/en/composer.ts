import { count, number } from './numbers.ts'

export const composer = {
  label: 'Your question',
  placeholder: 'Ask anything',
  placeholderPicture: 'Ask about it, or press Enter for a description',
  describe: (pictures: number): string => (pictures === 1 ? 'Describe this picture.' : 'Describe these pictures.'),
  addPictures: 'Add pictures',
  captureKinds: { region: 'A part of the screen', window: 'A window', screen: 'The whole screen' },
  capture: 'Take a picture of the screen',
  besideText: 'A picture lay next to this text.',
  addBesideText: 'Add the picture, too',
  askAgain: (question: string) => `Ask again: “${question}”`,
  contextUse: (rows: number, contextRows: number) =>
    `${number.format(rows)} of ${number.format(contextRows)} rows of the context`,
  tooMuch: (pictures: number, rows: number, contextRows: number, most: number) =>
    `${count(pictures, 'picture', 'pictures')} and the text take about ${number.format(rows)} rows; the model holds ` +
    `${number.format(contextRows)}. ${
      most > 0
        ? `With this text at most ${count(most, 'picture fits', 'pictures fit')}: remove some, or ask about them in parts.`
        : 'Shorten the text or choose a model with a larger context.'
    }`,
  send: 'Ask',
  stop: 'Stop',
  keys: {
    enter: 'Enter asks, Shift+Enter starts a new line',
    'command-enter': 'Ctrl+Enter asks, Enter starts a new line',
  },
  dropHere: 'Drop pictures here',
  waitsForPictures: 'Waiting for the pictures; then your question is asked.',
  editing: 'You are changing an earlier question. What came after it will be replaced.',
}
