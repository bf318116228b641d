import { useId, useState } from 'react'
import type { OwlErrorMessage, Setting, SettingsValues } from '../../src-main/ipc/contract.ts'
import { useOwl, useText } from '../app/store.ts'
import { IconButton } from '../components/icon-button.tsx'
import { SettingField } from './setting-field.tsx'
import styles from './setting-row.module.css'

interface Props {
  setting: Setting
  byDefault: unknown
  onError: (error: OwlErrorMessage | undefined) => void
}

/** One setting: its name, a sentence, its field, and the way back to its default where it differs. */
export function SettingRow({ setting, byDefault, onError }: Props) {
  const { key, form, atNextStart } = setting
  const text = useText().settings
  const value = useOwl((state) => state.settings[key])
  const changeSettings = useOwl((state) => state.changeSettings)
  const id = useId()
  const [restart, setRestart] = useState(false)
  const { title, detail, options } = text.items[key]
  const isDefault = value === undefined || JSON.stringify(value) === JSON.stringify(byDefault)

  function change(next: unknown) {
    setRestart(atNextStart)
    changeSettings({ [key]: next } as Partial<SettingsValues>).then(() => onError(undefined), onError)
  }

  function words(of: unknown): string {
    if (typeof of === 'boolean') return of ? text.on : text.off
    return options?.[String(of)] ?? (of === '' ? text.nothing : String(of))
  }

  return (
    <div className={styles.row}>
      <div className={styles.words}>
        <label className={styles.title} id={`${id}-title`} htmlFor={id}>
          {title}
        </label>
        <p className={styles.detail} id={`${id}-detail`}>
          {detail}
          {restart && <strong role="status"> {text.atNextStart}</strong>}
        </p>
      </div>
      <div className={styles.field}>
        {!isDefault && (
          <IconButton
            icon="undo"
            label={`${text.reset(title)} (${words(byDefault)})`}
            onClick={() => change(byDefault)}
          />
        )}
        <SettingField id={id} form={form} value={value ?? byDefault} options={options} onChange={change} />
      </div>
    </div>
  )
}
