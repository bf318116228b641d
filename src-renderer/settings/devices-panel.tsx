import { useState } from 'react'
import type { CallOutput, OwlErrorMessage } from '../../src-main/ipc/contract.ts'
import { toErrorMessage } from '../app/error.ts'
import { useOwl, useText } from '../app/store.ts'
import { Button } from '../components/button.tsx'
import { ErrorNote } from '../components/error-note.tsx'
import styles from './devices-panel.module.css'
import panel from './panel.module.css'

type Device = CallOutput<'devices.list'>[number]

/** What models can run on here, with what is known of it, and why something is not offered. */
export function DevicesPanel() {
  const { devices: words } = useText().settings
  const listDevices = useOwl((state) => state.listDevices)
  const [list, setList] = useState<Device[]>()
  const [trying, setTrying] = useState(false)
  const [error, setError] = useState<OwlErrorMessage>()

  async function show() {
    setTrying(true)
    setError(undefined)
    await listDevices(list !== undefined).then(setList, (thrown) => setError(toErrorMessage(thrown)))
    setTrying(false)
  }

  return (
    <div className={panel.panel}>
      <h3>{words.title}</h3>
      <p className={styles.detail}>{words.detail}</p>
      {list && (
        <ul className={styles.list} aria-label={words.title}>
          {list.map((device) => (
            <DeviceRow key={device.device} device={device} />
          ))}
        </ul>
      )}
      {error && <ErrorNote error={error} />}
      <p className={styles.actions}>
        <Button disabled={trying} onClick={() => void show()}>
          {list ? words.again : words.show}
        </Button>
        <span role="status" className={styles.detail}>
          {trying && words.trying}
        </span>
      </p>
    </div>
  )
}

function DeviceRow({ device: info }: { device: Device }) {
  const text = useText()
  const { devices: words } = text.settings
  const inUse = useOwl(({ model }) => model.state === 'ready' && model.device === info.device)
  const { device, adapter, works, software, numbers, speedup, runs, problem } = info
  const facts = [
    works && device !== 'cpu' && words.numbers(numbers.map((name) => words.bits[name])),
    works && device !== 'cpu' && words.speedup(speedup),
    runs === 'pictures' && words.picturesOnly,
    works && software && words.software,
    adapter && adapter.memoryBytes > 0 && words.memory(text.model.size(adapter.memoryBytes)),
    adapter?.driver && words.driver(adapter.driver),
  ]
  return (
    <li className={styles.device}>
      <span className={styles.name}>{[words.names[device], adapter?.name].filter(Boolean).join(' · ')}</span>
      {inUse && <span className={styles.inUse}>{text.model.inUse}</span>}
      <p className={styles.detail}>
        {works ? facts.filter(Boolean).join(' · ') : words.notOffered(problem?.split('\n')[0] ?? '')}
      </p>
    </li>
  )
}
