import { useEffect, useId, useRef, useState } from 'react'
import type { ChatSettings } from '../../src-main/ipc/contract.ts'
import { useOwl, useText } from '../app/store.ts'
import { Button } from '../components/button.tsx'
import { ErrorNote } from '../components/error-note.tsx'
import fields from '../components/field.module.css'
import { IconButton } from '../components/icon-button.tsx'
import { NumberField } from '../components/number-field.tsx'
import styles from './chat-options.module.css'
import { PresetChoice } from './preset-choice.tsx'
import { samplingFields, withSampling, withStopTexts } from './sampling-fields.ts'

/** System text, sampling and presets of the chat that is shown, at the right edge of the window. */
export default function ChatOptions({ onLeave }: { onLeave: () => void }) {
  const text = useText()
  const settings = useOwl((state) => state.chatSettings)
  const setChatSettings = useOwl((state) => state.setChatSettings)
  const error = useOwl((state) => state.chatError)
  const dialog = useRef<HTMLDialogElement>(null)
  const id = useId()
  useEffect(() => dialog.current?.showModal(), [])

  const { options } = text
  const { systemText = '', sampling } = settings
  const change = (changes: Partial<ChatSettings>) => void setChatSettings({ ...settings, ...changes })
  const isPlain = systemText === '' && sampling === undefined && settings.presetId === undefined

  return (
    <dialog ref={dialog} className={styles.drawer} aria-labelledby={`${id}-title`} onClose={onLeave}>
      <div className={styles.head}>
        <h2 id={`${id}-title`}>{options.title}</h2>
        <IconButton icon="close" label={text.app.close} onClick={() => dialog.current?.close()} />
      </div>
      <div className={styles.body}>
        {error && <ErrorNote error={error} />}
        <p className={styles.quiet}>{options.about}</p>
        <PresetChoice />
        <div className={styles.block}>
          <label htmlFor={`${id}-system`}>
            <span className={styles.name}>{options.systemText}</span>
            <span className={styles.quiet}>{options.systemTextDetail}</span>
          </label>
          <Lines
            id={`${id}-system`}
            rows={4}
            placeholder={options.systemTextExample}
            value={systemText}
            onWritten={(written) => change({ systemText: written.trim() === '' ? undefined : written })}
          />
        </div>
        <h3 className={styles.heading}>{options.sampling}</h3>
        {samplingFields.map((field) => (
          <div key={field.name} className={styles.row}>
            <label className={styles.words} htmlFor={`${id}-${field.name}`}>
              <span className={styles.name}>{options.fields[field.name].title}</span>
              <span className={styles.quiet}>{options.fields[field.name].detail}</span>
            </label>
            <NumberField
              id={`${id}-${field.name}`}
              optional
              min={field.min}
              max={field.max}
              step={field.step}
              placeholder={field.byDefault === undefined ? options.none : String(field.byDefault)}
              value={sampling?.[field.name]}
              onNumber={(value) => change({ sampling: withSampling(sampling, field.name, value) })}
            />
          </div>
        ))}
        <div className={styles.block}>
          <label htmlFor={`${id}-stops`}>
            <span className={styles.name}>{options.stopTexts}</span>
            <span className={styles.quiet}>{options.stopTextsDetail}</span>
          </label>
          <Lines
            id={`${id}-stops`}
            rows={2}
            value={sampling?.stopTexts?.join('\n') ?? ''}
            onWritten={(written) => change({ sampling: withStopTexts(sampling, written) })}
          />
        </div>
        <Button disabled={isPlain} onClick={() => void setChatSettings({})}>
          {options.reset}
        </Button>
      </div>
    </dialog>
  )
}

interface LinesProps {
  id: string
  rows: number
  placeholder?: string
  value: string
  onWritten: (written: string) => void
}

/** Text that counts when the field is left, or a moment after the last key. */
function Lines({ value, onWritten, ...rest }: LinesProps) {
  const [written, setWritten] = useState(value)
  const latest = useRef(onWritten)
  latest.current = onWritten
  useEffect(() => setWritten(value), [value])
  useEffect(() => {
    if (written === value) return
    const timer = setTimeout(() => latest.current(written), 400)
    return () => clearTimeout(timer)
  }, [written, value])
  return (
    <textarea
      {...rest}
      className={`${fields.field} ${styles.lines}`}
      value={written}
      onChange={(event) => setWritten(event.target.value)}
      onBlur={() => written !== value && onWritten(written)}
    />
  )
}
