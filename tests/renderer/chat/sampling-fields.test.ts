import { expect, it } from 'vitest'
import { newChatSettings } from '../../../src-renderer/chat/new-chat-settings.ts'
import { samplingFields, withSampling, withStopTexts } from '../../../src-renderer/chat/sampling-fields.ts'

const field = (name: string) => samplingFields.find((each) => each.name === name)!

it('takes what is entered within bounds, and out what is emptied', () => {
  const warm = withSampling(undefined, field('temperature'), '0,7')
  expect(warm).toEqual({ temperature: 0.7 })
  expect(withSampling(warm, field('topK'), '40.6')).toEqual({ temperature: 0.7, topK: 41 })
  expect(withSampling(warm, field('topP'), '7')).toEqual({ temperature: 0.7, topP: 1 })
  expect(withSampling(warm, field('temperature'), '')).toBeUndefined()
  expect(withSampling({ ...warm, topK: 3 }, field('temperature'), 'warm')).toEqual({ topK: 3 })
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
