const named: Record<string, string> = {
  ' ': 'Space',
  ArrowUp: 'Up',
  ArrowDown: 'Down',
  ArrowLeft: 'Left',
  ArrowRight: 'Right',
  '+': 'Plus',
}

type Keys = Pick<KeyboardEvent, 'key' | 'code' | 'ctrlKey' | 'metaKey' | 'altKey' | 'shiftKey'>

/**
 * Pressed keys in Electron's notation, as `CommandOrControl+Shift+Space`; undefined while only modifiers are held, or
 * for a key that would be taken from typing.
 */
export function acceleratorOf({ key, code, ctrlKey, metaKey, altKey, shiftKey }: Keys): string | undefined {
  if (['Control', 'Meta', 'Alt', 'Shift', 'AltGraph', 'Dead', 'Process'].includes(key)) return undefined
  const functionKey = /^F\d{1,2}$/.test(key)
  if (!ctrlKey && !metaKey && !altKey && !functionKey && key !== 'PrintScreen') return undefined
  // The letter on the key, whatever Shift or Alt make of it.
  const letter = /^(?:Key|Digit)(\w)$/.exec(code)?.[1]
  const last = letter ?? named[key] ?? (key.length === 1 ? key.toUpperCase() : key)
  const modifiers = [(ctrlKey || metaKey) && 'CommandOrControl', altKey && 'Alt', shiftKey && 'Shift']
  return [...modifiers.filter(Boolean), last].join('+')
}
