import { count, number, seconds } from './numbers.ts'

export const chat = {
  conversation: 'Conversation',
  question: 'You asked',
  answer: 'Owl answered',
  waitingForModel: 'Waiting for the model',
  thinking: 'Looking',
  readingPictures: (done: number, total: number) =>
    total > 1 ? `Looking at picture ${Math.min(done + 1, total)} of ${total}` : 'Looking at the picture',
  reading: (percent: number) => `Reading, ${percent} %`,
  writing: 'Owl is answering',
  copy: 'Copy the answer',
  copied: 'Copied',
  copyCode: 'Copy the code',
  regenerate: 'Answer again',
  edit: 'Change this question',
  copyQuestion: 'Copy the question',
  toNewest: 'To the newest message',
  stopped: 'Stopped.',
  tooLong: 'The answer reached its length limit.',
  silent: 'The model gave no answer.',
  tokensPerSecond: (rate: number) => `${number.format(rate)} tokens/s`,
  firstToken: (ms: number) => `first token after ${seconds(ms)}`,
  context: (used: number, rows: number) => `context ${Math.round((100 * used) / rows)} %`,
  contextDetail: (used: number, rows: number, visual: number) =>
    `${count(used, 'row', 'rows')} of ${number.format(rows)} used, ${number.format(visual)} of them for pictures`,
  pictureNotLoaded: 'Picture, not loaded',
}
