import type { SettingKey } from '../../../../src-main/ipc/contract.ts'

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
  'chat.highlightCode': { title: 'Colours in code', detail: 'Keywords, strings and comments of code are told apart.' },
}

export const settings = {
  search: 'Search the settings',
  nothingFound: (words: string) => `No setting is about “${words}”.`,
  domains: { appearance: 'Appearance', chat: 'Chat', reading: 'Text in pictures' } as Record<string, string>,
  sections: 'Sections',
  reset: (title: string) => `Put “${title}” back to its default`,
  resetAll: 'Reset all settings',
  resetQuestion: 'Put every setting back to its default? Chats, pictures and models stay.',
  atNextStart: 'Takes effect at the next start.',
  byDefault: (value: string) => `Default: ${value}`,
  on: 'on',
  off: 'off',
  nothing: 'nothing',
  items,
}
