export const empty = {
  heading: 'Show me a picture',
  invitation: 'Drop it anywhere, paste it, or',
  pick: 'pick a file',
  privacy: '. Pictures and questions stay on this computer.',
  examples: ['What does this window ask me?', 'Which bar is the tallest?', 'What is the title of this dialog?'],
  largerTitle: 'For photos and longer answers',
  larger:
    'The published mPLUG-Owl2 with 8.2 billion weights can be installed. Nothing is downloaded before you say so.',
  largerFacts: [
    ['Download', 'about 16 GB'],
    ['On the disk', 'about 5 GB'],
    ['Memory', 'about 6 GB'],
    ['Time', 'the download, then minutes of conversion'],
  ],
  largerLook: 'See what it takes',
  /** What a model is, by its name, in place of its own words. */
  about: {} as Record<string, string>,
  examplesLabel: 'Examples of questions',
}
