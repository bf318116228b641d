import { count } from './numbers.ts'

export const reading = {
  layer: 'Text in the picture: arrows go line by line, Shift selects, Ctrl+A all',
  copyAll: 'Copy all text of the picture',
  reading: 'Reading the text of the picture',
  nothing: 'No text was found in the picture',
  given: (given: number, read: number) =>
    given < read
      ? `text of the picture given: ${given} of ${count(read, 'line', 'lines')}`
      : `text of the picture given: ${count(given, 'line', 'lines')}`,
  tooLong: (read: number) => `${count(read, 'line', 'lines')} of text in the picture did not fit`,
  late: (pictures: number) => `without the text of ${count(pictures, 'picture', 'pictures')}: still being read`,
  failed: (pictures: number) => `without the text of ${count(pictures, 'picture', 'pictures')}: it could not be read`,
}
