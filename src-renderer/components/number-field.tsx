import { type ComponentProps, useEffect, useRef, useState } from 'react'
import fields from './field.module.css'

interface Bounds {
  min: number
  max: number
  /** Of 1, the number is whole. */
  step?: number
}

interface Props extends Bounds, Omit<ComponentProps<'input'>, keyof Bounds | 'value'> {
  value: number | undefined
  /** Whether it may be left empty, which then counts as no number. */
  optional?: boolean
  onNumber: (value: number | undefined) => void
}

/**
 * A number that counts when it is complete: on Enter, by a step of the arrows, or when the field is left. Until then
 * what is written stays as it is, since the beginning of a number is often out of its bounds; afterwards the field
 * shows what holds.
 */
export function NumberField({ value, min, max, step = 1, optional = false, onNumber, className = '', ...rest }: Props) {
  const [written, setWritten] = useState<string>()

  function commit(text = written) {
    setWritten(undefined)
    if (text === undefined) return
    const number = numberWithin(text, { min, max, step })
    if (number !== value && (number !== undefined || optional)) onNumber(number)
  }

  function finish(field: HTMLInputElement) {
    // What is no number at all counts as empty, so that nothing would make it go.
    if (field.validity.badInput) field.value = ''
    commit()
  }

  // A view that is left while something is being written takes the field away without a blur.
  const latest = useRef(commit)
  latest.current = commit
  useEffect(() => () => latest.current(), [])

  return (
    <input
      {...rest}
      type="number"
      className={`${fields.field} ${fields.number} ${className}`}
      min={min}
      max={max}
      step={step}
      value={written ?? value ?? ''}
      onChange={(event) => {
        const { nativeEvent, target } = event
        // Keys tell what they insert or delete; a step is an event without.
        if (nativeEvent instanceof InputEvent) setWritten(target.value)
        else commit(target.value)
      }}
      onBlur={(event) => finish(event.target)}
      onKeyDown={(event) => event.key === 'Enter' && finish(event.currentTarget)}
    />
  )
}

/** The nearest number within the bounds; undefined where none is written. */
export function numberWithin(written: string, { min, max, step }: Bounds): number | undefined {
  const number = Number(written)
  if (written.trim() === '' || !Number.isFinite(number)) return undefined
  const within = Math.min(max, Math.max(min, number))
  return step === 1 ? Math.round(within) : within
}
