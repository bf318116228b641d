import { useId, useState } from 'react'
import { useOwl, useText } from '../app/store.ts'
import { Button } from '../components/button.tsx'
import fields from '../components/field.module.css'
import { IconButton } from '../components/icon-button.tsx'
import styles from './chat-options.module.css'

/** Presets: chosen for this chat, kept from what it has set, changed, removed, and made the one of new chats. */
export function PresetChoice() {
  const text = useText().options
  const { presetId, ...own } = useOwl((state) => state.chatSettings)
  const setChatSettings = useOwl((state) => state.setChatSettings)
  const presets = useOwl((state) => state.settings['chat.presets']) ?? []
  const ofNewChats = useOwl((state) => state.settings['chat.newChatPreset'] ?? '')
  const changeSettings = useOwl((state) => state.changeSettings)
  const [name, setName] = useState('')
  const id = useId()
  const chosen = presets.find((preset) => preset.id === presetId)
  const isEmpty = own.systemText === undefined && own.sampling === undefined
  const isChanged =
    chosen !== undefined &&
    (JSON.stringify(chosen.systemText) !== JSON.stringify(own.systemText) ||
      JSON.stringify(chosen.sampling) !== JSON.stringify(own.sampling))

  function choose(id: string) {
    const preset = presets.find((preset) => preset.id === id)
    void setChatSettings(preset ? { presetId: id, systemText: preset.systemText, sampling: preset.sampling } : {})
  }

  // The list in the settings says if it could not be kept.
  const keep = (list: typeof presets) => changeSettings({ 'chat.presets': list }).catch(() => {})

  function add() {
    const preset = { id: crypto.randomUUID(), name: name.trim(), ...own }
    setName('')
    void keep([...presets, preset]).then(() => setChatSettings({ ...own, presetId: preset.id }))
  }

  function remove() {
    void keep(presets.filter((preset) => preset !== chosen))
    if (ofNewChats === presetId) void changeSettings({ 'chat.newChatPreset': '' }).catch(() => {})
    void setChatSettings(own)
  }

  return (
    <div className={styles.block}>
      <label className={styles.name} htmlFor={id}>
        {text.preset}
      </label>
      <div className={styles.line}>
        <select
          id={id}
          className={fields.field}
          value={chosen?.id ?? ''}
          onChange={(event) => choose(event.target.value)}
        >
          <option value="">{text.noPreset}</option>
          {presets.map((preset) => (
            <option key={preset.id} value={preset.id}>
              {preset.name}
            </option>
          ))}
        </select>
        {chosen && (
          <>
            {isChanged && (
              <Button onClick={() => void keep(presets.map((each) => (each === chosen ? { ...each, ...own } : each)))}>
                {text.savePreset}
              </Button>
            )}
            <IconButton icon="close" label={text.removePreset(chosen.name)} onClick={remove} />
          </>
        )}
      </div>
      {chosen && (
        <label className={styles.check}>
          <input
            type="checkbox"
            checked={ofNewChats === chosen.id}
            onChange={(event) =>
              void changeSettings({ 'chat.newChatPreset': event.target.checked ? chosen.id : '' }).catch(() => {})
            }
          />
          {text.forNewChats}
        </label>
      )}
      {!isEmpty && (!chosen || isChanged) && (
        <form
          className={styles.line}
          onSubmit={(event) => {
            event.preventDefault()
            add()
          }}
        >
          <input
            className={fields.field}
            maxLength={80}
            placeholder={text.presetName}
            aria-label={text.presetName}
            value={name}
            onChange={(event) => setName(event.target.value)}
          />
          <Button type="submit" disabled={name.trim() === ''}>
            {text.addPreset}
          </Button>
        </form>
      )}
    </div>
  )
}
