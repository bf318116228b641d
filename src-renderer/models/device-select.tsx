import type { Model } from '../../src-main/ipc/contract.ts'
import { useText } from '../app/store.ts'
import fields from '../components/field.module.css'
import styles from './models-view.module.css'

const devices = ['auto', 'gpu', 'cpu'] as const

/** Where one model runs, where that is not where all do. */
export function DeviceSelect({
  label,
  value,
  onChange,
}: {
  label: string
  value: Model['device']
  onChange(device: Model['device']): void
}) {
  const words = useText().models.devices
  return (
    <label className={styles.label}>
      {label}
      <select
        className={fields.field}
        value={value ?? 'auto'}
        onChange={({ target }) => onChange(target.value === 'auto' ? undefined : (target.value as Model['device']))}
      >
        {devices.map((device) => (
          <option key={device} value={device}>
            {words[device]}
          </option>
        ))}
      </select>
    </label>
  )
}
