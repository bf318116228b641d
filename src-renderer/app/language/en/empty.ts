export const empty = {
  heading: 'Show me a picture',
  invitation: 'Drop it anywhere, paste it, or',
  pick: 'pick a file',
  privacy: 'Pictures and questions stay on this computer.',
  examples: ['What does this window ask me?', 'Which bar is the tallest?', 'What is the title of this dialog?'],
  examplesLabel: 'Examples of questions',
}
