import { clockTime } from '../../../../native-models/mplug-owl2/video/spoken-times.ts'
import { count, number, seconds } from './numbers.ts'

export const video = {
  heading: 'Ask about a video',
  invitation: 'Drop one here. It stays on this computer; the model is shown some of its frames.',
  pick: 'Pick a video',
  opening: 'Opening…',
  forms: 'MP4, MOV, MKV and WebM with H.264, VP8, VP9 or AV1',
  close: 'Another video',
  player: 'Player',
  notPlayable: 'This browser does not play the file; its frames can still be asked about.',
  startHere: 'Start here',
  endHere: 'End here',
  wholeVideo: 'Whole video',
  marked: (start: number, end: number) => `Marked: ${clockTime(start)} to ${clockTime(end)}`,
  addFrame: 'Add this frame',
  framesLabel: 'Frames',
  reading: 'Reading frames…',
  frames: (n: number, most: number) =>
    n > most
      ? `${count(n, 'frame', 'frames')}, more than the ${number.format(most)} that the model can hold`
      : `${count(n, 'frame', 'frames')}; the model can hold ${number.format(most)}`,
  choose: 'Which frames',
  choices: { uniform: 'Evenly spread', rate: 'So many a second', scenes: 'One of each scene' },
  count: 'How many',
  perSecond: 'Frames a second',
  clock: (time: number) => clockTime(time),
  jump: (time: number) => `Go to ${clockTime(time)}`,
  removeFrame: (time: number) => `Leave out the frame at ${clockTime(time)}`,
  conversation: 'Questions about the video',
  question: 'Your question about the video',
  placeholder: 'What happens at 0:42?',
  describe: 'What happens in the video?',
  ask: 'Ask',
  stop: 'Stop',
  answer: 'Answer about the video',
  thinking: 'Looking…',
  seeing: (done: number, total: number) => `Looking at frame ${number.format(done)} of ${number.format(total)}`,
  silent: 'The model gave no answer.',
  lookedAt: (n: number) => count(n, 'frame', 'frames'),
  firstToken: (ms: number) => `first token after ${seconds(ms)}`,
}
