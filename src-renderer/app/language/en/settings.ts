import type { SettingKey } from '../../../../src-main/ipc/contract.ts'
import { number } from './numbers.ts'

/** Words of one setting: what it is called, what it does in a sentence, and its choices. */
export interface SettingWords {
  title: string
  detail: string
  options?: Record<string, string>
}

const items: Record<SettingKey, SettingWords> = {
  'appearance.theme': {
    title: 'Theme',
    detail: 'Colours of the window.',
    options: { system: 'Like the system', light: 'Light', dark: 'Dark' },
  },
  'appearance.language': {
    title: 'Language',
    detail: 'Language of the window. The model answers in the language of the question.',
    options: { system: 'Like the system', en: 'English', zh: '中文' },
  },
  'appearance.textSize': {
    title: 'Size of text',
    detail: 'Everything in the window grows with it.',
    options: { 90: '90 %', 100: '100 %', 115: '115 %', 130: '130 %', 150: '150 %', 200: '200 %' },
  },
  'appearance.motion': {
    title: 'Motion',
    detail: 'Animations are never needed to understand anything here.',
    options: { system: 'Like the system', reduced: 'None' },
  },
  'chat.sendKey': {
    title: 'Key that asks',
    detail: 'The other one starts a new line.',
    options: { enter: 'Enter', 'command-enter': 'Ctrl+Enter' },
  },
  'chat.answerFooter': {
    title: 'Figures under answers',
    detail: 'Speed, time to the first token, context used and device, in one quiet line.',
  },
  'reading.inAnswers': {
    title: 'Give the text of pictures to the model',
    detail:
      'Text is read at full size on this machine. Automatic gives what is surely text, up to a quarter of the context.',
    options: { automatic: 'Automatic', on: 'Always', off: 'Never' },
  },
  'reading.rows': {
    title: 'Most rows for the text of pictures',
    detail: 'A row is about three letters. Lines from the first on are given, as many as fit.',
  },
  'chat.presets': { title: 'Presets', detail: 'Named options of chats.' },
  'chat.newChatPreset': { title: 'Preset of new chats', detail: 'New chats begin with it.' },
  'models.hub': {
    title: 'Hub for models',
    detail: 'Address of a mirror, such as https://hub.example.com. Empty for the official one.',
  },
  'models.bandwidth': {
    title: 'Speed of downloads',
    detail: 'Most megabytes a second; 0 takes all there is.',
  },
  'device.choice': {
    title: 'Where models run',
    detail: 'Automatic takes a GPU that was tried and is faster. It counts when a model is loaded next.',
    options: { auto: 'Automatic', gpu: 'GPU', cpu: 'Processor' },
  },
  'device.fallback': {
    title: 'When the GPU cannot be used',
    detail: 'Nothing moves to the processor without your word; this gives it for every time.',
    options: { ask: 'Say so and wait', processor: 'Use the processor' },
  },
  'chat.highlightCode': { title: 'Colours in code', detail: 'Keywords, strings and comments of code are told apart.' },
  'desktop.captureShortcut': {
    title: 'Keys that capture the screen',
    detail: 'They work in every program: a part of the screen goes straight into the question.',
  },
  'desktop.tray': { title: 'Owl beside the clock', detail: 'From there the screen is captured and the window shown.' },
  'desktop.stayInTray': {
    title: 'Stay beside the clock when the window is closed',
    detail: 'The model stays loaded, so that the next answer begins at once.',
  },
  'server.enabled': {
    title: 'Let other programs ask',
    detail:
      'Programs of this computer that know OpenAI’s interface may ask, with the key below. Nothing is reachable from the network.',
  },
  'server.port': { title: 'Port', detail: 'On 127.0.0.1; another one where this one is taken.' },
  'desktop.checkForUpdates': {
    title: 'Look for new versions at the start',
    detail: 'The only thing Owl ever asks the network for by itself. Nothing is installed without you.',
  },
}

export const settings = {
  search: 'Search the settings',
  nothingFound: (words: string) => `No setting is about “${words}”.`,
  domains: {
    appearance: 'Appearance',
    chat: 'Chat',
    device: 'Device',
    reading: 'Text in pictures',
    models: 'Models',
    desktop: 'Desktop',
    server: 'Local server',
    logs: 'Log',
    data: 'Data',
  } as Record<string, string>,
  sections: 'Sections',
  reset: (title: string) => `Put “${title}” back to its default`,
  resetAll: 'Reset all settings',
  resetQuestion: 'Put every setting back to its default? Chats, pictures and models stay.',
  atNextStart: 'Takes effect at the next start.',
  byDefault: (value: string) => `Default: ${value}`,
  on: 'on',
  off: 'off',
  nothing: 'nothing',
  log: {
    title: 'Log',
    detail:
      'Events and codes of errors, to attach to a report. It holds no questions, answers, pictures or names of files.',
    show: 'Show the log',
    copy: 'Copy the log',
    empty: 'Nothing has been written yet.',
  },
  server: {
    title: 'Address and key',
    detail:
      'What a program asks for as “base URL” and “API key”. The app and the terminal (`owl api`) each have a key of their own.',
    address: 'Address',
    key: 'Key',
    off: 'The local server is off.',
    copyAddress: 'Copy the address',
    copyKey: 'Copy the key',
    showKey: 'Show the key',
    newKey: 'Make a new key',
    newKeyQuestion: 'Make a new key? Programs that have the old one are refused until they get the new one.',
  },
  devices: {
    title: 'What models can run on here',
    detail:
      'Each is tried with a small model in a process of its own, and compared with the processor. What came out is kept until a driver changes.',
    show: 'Show the devices',
    again: 'Try them again',
    trying: 'Trying them out, which may take a minute',
    names: {
      cpu: 'Processor',
      webgpu: 'GPU (WebGPU)',
      cuda: 'NVIDIA GPU (CUDA)',
      dml: 'GPU (DirectML)',
      coreml: 'Apple GPU and Neural Engine (CoreML)',
    },
    bits: { float32: '32-bit', float16: '16-bit' },
    numbers: (names: string[]) => `computes with ${names.join(' and ')} numbers`,
    speedup: (times: number) => `${number.format(times)} times as fast as the processor at a product of matrices`,
    picturesOnly: 'for pictures only: the text is written by the processor',
    software: 'a driver that computes on the processor: never taken by itself',
    memory: (size: string) => `${size} of memory`,
    driver: (version: string) => `driver ${version}`,
    notOffered: (reason: string) => `Not offered: ${reason}`,
  },
  folder: {
    title: 'Data folder',
    detail: 'Chats, pictures, settings and installed models are in it, and nowhere else.',
    copy: 'Copy the path',
    target: 'Path of a new, empty folder',
    browse: 'Browse',
    move: 'Move',
    moving: 'Moving the data folder',
    copied: (percent: number) => `${percent} % copied and compared`,
    atNextStart: (to: string) => `From the next start the data are in ${to}. What is in the old folder stays there.`,
    old: (path: string, size: string) => `${path} still holds ${size} from before the move.`,
    removeOld: 'Compare and delete',
    removeOldQuestion: (path: string) =>
      `Delete what is in ${path}? It is compared with the new folder first; where anything is missing there, nothing is deleted.`,
    compared: (percent: number) => `${percent} % compared`,
    stay: 'Stay here instead',
    failed: (to: string) => `The move to ${to} could not be finished; the data are where they were.`,
  },
  items,
}
