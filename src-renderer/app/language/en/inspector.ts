export const inspector = {
  open: 'See why',
  title: 'Where the model looked',
  explanation:
    'Choose a word of the answer. The picture is lit where the model’s attention went just before it wrote that word: ' +
    'attention is what the model drew on, not a proof of why it chose the word.',
  words: 'Words of the answer',
  wholeAnswer: 'Whole answer',
  looking: 'Looking back…',
  summary: (where: string, share: number) =>
    `${where}: ${share} % of the attention went to pictures, ${100 - share} % to text.`,
  allLayers: 'All layers on average',
  layer: (number: number) => `Layer ${number}`,
  byLayer: 'Attention by layer, from the first to the last',
  layerShare: (number: number, share: number) => `Layer ${number}: ${share} % on pictures`,
  onPictures: 'on pictures',
  onText: 'on text',
  noPictures: 'There was no picture in this chat, so all of the attention went to text.',
  heatOf: (name: string) => `Where the model looked in ${name}`,
  save: 'Save as PNG',
}
