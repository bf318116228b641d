import { choice, onOff } from './setting.ts'

export const chatSettings = {
  'chat.sendKey': choice(['enter', 'command-enter'], 'enter'),
  'chat.answerFooter': onOff(true),
  'chat.highlightCode': onOff(true),
}
