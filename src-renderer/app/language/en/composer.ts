export const composer = {
  label: 'Your question',
  placeholder: 'Ask anything',
  placeholderPicture: 'Ask about it, or press Enter for a description',
  describe: (pictures: number): string => (pictures === 1 ? 'Describe this picture.' : 'Describe these pictures.'),
  addPictures: 'Add pictures',
  send: 'Ask',
  stop: 'Stop',
  keys: 'Enter asks, Shift+Enter starts a new line',
  dropHere: 'Drop pictures here',
  editing: 'You are changing an earlier question. What came after it will be replaced.',
}
