import { expect, it } from 'vitest'
import { newChatSettings } from '../../../src-renderer/chat/new-chat-settings.ts'
import { withSampling, withStopTexts } from '../../../src-renderer/chat/sampling-fields.ts'

it('takes in what is entered, and out what is emptied', () => {
  const warm = withSampling(undefined, 'temperature', 0.7)
  expect(warm).toEqual({ temperature: 0.7 })
  expect(withSampling(warm, 'topK', 0)).toEqual({ temperature: 0.7, topK: 0 })
  expect(withSampling(warm, 'temperature', undefined)).toBeUndefined()
  expect(withSampling({ ...warm, topK: 3 }, 'temperature', undefined)).toEqual({ topK: 3 })
})

it('reads stop texts by lines', () => {
  expect(withStopTexts({ topK: 3 }, 'END\n\nStop here')).toEqual({ topK: 3, stopTexts: ['END', 'Stop here'] })
  expect(withStopTexts({ stopTexts: ['x'] }, '')).toBeUndefined()
})

it('begins new chats with the chosen preset', () => {
  const presets = [{ id: 'p', name: 'Short', systemText: 'Be brief.', sampling: { maxTokens: 20 } }]
  expect(newChatSettings({ 'chat.presets': presets, 'chat.newChatPreset': 'p' })).toEqual({
    presetId: 'p',
    systemText: 'Be brief.',
    sampling: { maxTokens: 20 },
  })
  expect(newChatSettings({ 'chat.presets': presets, 'chat.newChatPreset': 'gone' })).toEqual({})
})
