import { useEffect, useRef } from 'react'
import { useOwl, useText } from '../app/store.ts'
import buttons from '../components/button.module.css'
import { Button } from '../components/button.tsx'
import styles from './link-question.module.css'
import { isOpenable } from './openable.ts'

/** Shows an address out of an answer in full, and opens it if the person says so. */
export function LinkQuestion() {
  const address = useOwl((state) => state.untrustedAddress)
  return address === undefined ? null : <OpenQuestion address={address} />
}

function OpenQuestion({ address }: { address: string }) {
  const text = useText()
  const close = useOwl((state) => state.closeOverlay)
  const dialog = useRef<HTMLDialogElement>(null)

  useEffect(() => dialog.current?.showModal(), [])

  const leave = () => dialog.current?.close()
  const openable = isOpenable(address)
  return (
    <dialog ref={dialog} className={styles.dialog} aria-labelledby="link-title" onClose={close}>
      <h2 id="link-title">{text.link.title}</h2>
      <p>{openable ? text.link.warning : text.link.unsafe}</p>
      <p className={styles.address}>{address}</p>
      <div className={styles.actions}>
        <Button onClick={() => void navigator.clipboard.writeText(address).then(leave)}>{text.link.copy}</Button>
        {openable && (
          <a
            className={`${buttons.button} ${buttons.quiet} ${styles.open}`}
            href={address}
            target="_blank"
            rel="noopener noreferrer"
            onClick={leave}
          >
            {text.link.open}
          </a>
        )}
        {/* Enter must not open what nobody has looked at. */}
        <Button kind="primary" autoFocus onClick={leave}>
          {text.app.cancel}
        </Button>
      </div>
    </dialog>
  )
}
