import type { ChatSettings, SettingsValues } from '../../src-main/ipc/contract.ts'

/** What a new chat begins with: the preset chosen for it, if there is one. */
export function newChatSettings(settings: Partial<SettingsValues>): ChatSettings {
  const preset = settings['chat.presets']?.find(({ id }) => id === settings['chat.newChatPreset'])
  return preset ? { presetId: preset.id, systemText: preset.systemText, sampling: preset.sampling } : {}
}
