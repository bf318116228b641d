export const capture = {
  regionKeys: 'Draw what is to be looked at. Arrows move it, Shift+arrows size it, Enter takes it, Esc leaves.',
  windowKeys: 'Choose a window. Esc leaves.',
}
