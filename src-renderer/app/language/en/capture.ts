export const capture = {
  regionKeys: 'Draw what is to be looked at. Arrows move it, Shift+arrows size it, Enter takes it, Esc leaves.',
  windowKeys: 'Choose one. Esc leaves.',
}
