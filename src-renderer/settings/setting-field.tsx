import { type KeyboardEvent, useEffect, useState } from 'react'
import type { SettingForm } from '../../src-main/ipc/contract.ts'
import { useText } from '../app/store.ts'
import fields from '../components/field.module.css'
import { NumberField } from '../components/number-field.tsx'
import { acceleratorOf } from './accelerator.ts'

interface Props {
  id: string
  form: SettingForm
  value: unknown
  options?: Record<string, string>
  onChange: (value: unknown) => void
}

/** What a setting is entered with, by its form. Its label and description are `ID-title` and `ID-detail`. */
export function SettingField({ id, form, value, options, onChange }: Props) {
  const described = { id, 'aria-describedby': `${id}-detail` }
  switch (form.kind) {
    case 'switch':
      return (
        <input
          {...described}
          type="checkbox"
          className={fields.switch}
          checked={value === true}
          onChange={(event) => onChange(event.target.checked)}
        />
      )
    case 'choice':
      return (
        <select
          {...described}
          className={fields.field}
          value={String(value)}
          onChange={(event) => onChange(event.target.value)}
        >
          {form.options.map((option) => (
            <option key={option} value={option}>
              {options?.[option] ?? option}
            </option>
          ))}
        </select>
      )
    case 'number':
      return (
        <NumberField
          {...described}
          min={form.min}
          max={form.max}
          step={form.step}
          value={typeof value === 'number' ? value : undefined}
          onNumber={onChange}
        />
      )
    case 'text':
      return form.lines > 1 ? (
        <WrittenLines
          {...described}
          rows={form.lines}
          maxLength={form.maxLength}
          className={`${fields.field} ${fields.wide}`}
          value={String(value ?? '')}
          onWritten={onChange}
        />
      ) : (
        <Written
          {...described}
          type="text"
          maxLength={form.maxLength}
          className={`${fields.field} ${fields.wide}`}
          value={String(value ?? '')}
          onWritten={onChange}
        />
      )
    case 'shortcut':
      return <ShortcutField {...described} value={String(value ?? '')} onChange={onChange} />
    case 'elsewhere':
      return null
  }
}

type FieldProps<Name extends 'input' | 'textarea'> = Omit<React.ComponentProps<Name>, 'value' | 'onChange'> & {
  value: string
  onWritten: (value: string) => void
}

/** Text that counts when it is complete: on Enter, or when the field is left. */
function Written({ value, onWritten, ...rest }: FieldProps<'input'>) {
  const { text, setText, commit } = useWritten(value, onWritten)
  return (
    <input
      {...rest}
      value={text}
      onChange={(event) => setText(event.target.value)}
      onBlur={commit}
      onKeyDown={(event) => event.key === 'Enter' && commit()}
    />
  )
}

function WrittenLines({ value, onWritten, ...rest }: FieldProps<'textarea'>) {
  const { text, setText, commit } = useWritten(value, onWritten)
  return <textarea {...rest} value={text} onChange={(event) => setText(event.target.value)} onBlur={commit} />
}

function useWritten(value: string, onWritten: (value: string) => void) {
  const [text, setText] = useState(value)
  useEffect(() => setText(value), [value])
  const commit = () => {
    if (text !== value) onWritten(text)
  }
  return { text, setText, commit }
}

/** Takes the next keys that are pressed; Backspace leaves it without any. */
function ShortcutField({ value, onChange, ...rest }: { id: string; value: string; onChange: (value: string) => void }) {
  const text = useText().settings
  function onKeyDown(event: KeyboardEvent) {
    if (event.key === 'Tab' || event.key === 'Escape') return
    event.preventDefault()
    event.stopPropagation()
    if (event.key === 'Backspace' || event.key === 'Delete') return onChange('')
    const keys = acceleratorOf(event)
    if (keys) onChange(keys)
  }
  return (
    <input
      {...rest}
      className={`${fields.field} ${fields.shortcut}`}
      readOnly
      value={value.replace('CommandOrControl', 'Ctrl')}
      placeholder={text.nothing}
      onKeyDown={onKeyDown}
    />
  )
}
