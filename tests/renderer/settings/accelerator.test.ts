import { expect, it } from 'vitest'
import { acceleratorOf } from '../../../src-renderer/settings/accelerator.ts'

const none = { ctrlKey: false, metaKey: false, altKey: false, shiftKey: false }

it('names pressed keys as Electron does', () => {
  expect(acceleratorOf({ ...none, key: ' ', code: 'Space', ctrlKey: true, shiftKey: true })).toBe(
    'CommandOrControl+Shift+Space',
  )
  expect(acceleratorOf({ ...none, key: '!', code: 'Digit1', metaKey: true, shiftKey: true })).toBe(
    'CommandOrControl+Shift+1',
  )
  expect(acceleratorOf({ ...none, key: 'ArrowUp', code: 'ArrowUp', altKey: true })).toBe('Alt+Up')
  expect(acceleratorOf({ ...none, key: 'F9', code: 'F9' })).toBe('F9')
})

it('takes neither modifiers alone nor keys of typing', () => {
  expect(acceleratorOf({ ...none, key: 'Shift', code: 'ShiftLeft', shiftKey: true })).toBeUndefined()
  expect(acceleratorOf({ ...none, key: 'a', code: 'KeyA' })).toBeUndefined()
  expect(acceleratorOf({ ...none, key: 'A', code: 'KeyA', shiftKey: true })).toBeUndefined()
})
