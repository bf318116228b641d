import { useRef } from 'react'
import { useOwl, useText } from '../app/store.ts'
import buttons from '../components/button.module.css'
import { Button } from '../components/button.tsx'
import { ErrorNote } from '../components/error-note.tsx'
import { Icon } from '../components/icon.tsx'
import { IconButton } from '../components/icon-button.tsx'
import { Menu, MenuChoice, MenuGroup } from '../components/menu.tsx'
import styles from './transfers.module.css'
import type { Transfer } from './transfers-slice.ts'

/** Beside the search: chats out of the program, and into it. */
export function TransferTools() {
  const text = useText().history
  const chatId = useOwl((state) => state.chatId)
  const exportChats = useOwl((state) => state.exportChats)
  const importChats = useOwl((state) => state.importChats)
  const picker = useRef<HTMLInputElement>(null)
  const kinds = [
    ['markdown', text.asMarkdown],
    ['json', text.asJson],
  ] as const
  return (
    <>
      <Menu face={<Icon name="export" />} label={text.export} buttonClass={buttons.icon!} align="end">
        {chatId && (
          <MenuGroup label={text.exportChat}>
            {kinds.map(([kind, label]) => (
              <MenuChoice key={kind} checked={false} onChoose={() => void exportChats(kind, [chatId])}>
                {label}
              </MenuChoice>
            ))}
          </MenuGroup>
        )}
        <MenuGroup label={text.exportAll}>
          {kinds.map(([kind, label]) => (
            <MenuChoice key={kind} checked={false} onChoose={() => void exportChats(kind)}>
              {label}
            </MenuChoice>
          ))}
        </MenuGroup>
      </Menu>
      <IconButton icon="import" label={text.import} onClick={() => picker.current?.click()} />
      <input
        ref={picker}
        type="file"
        hidden
        accept=".zip,.json,.jsonl"
        aria-label={text.import}
        onChange={(event) => {
          const [file] = event.target.files ?? []
          if (file) void importChats(file)
          event.target.value = ''
        }}
      />
    </>
  )
}

/** Under the list: how far an export or an import is, and what came of it. */
export function TransferNote() {
  const transfer = useOwl((state) => state.transfer)
  return (
    <div role="status" className={styles.place}>
      {transfer && <Note transfer={transfer} />}
    </div>
  )
}

function Note({ transfer }: { transfer: Transfer }) {
  const text = useText()
  const stopTransfer = useOwl((state) => state.stopTransfer)
  const closeTransfer = useOwl((state) => state.closeTransfer)
  if (transfer.state === 'failed') {
    return (
      <ErrorNote error={transfer.error}>
        <Button onClick={closeTransfer}>{text.app.close}</Button>
      </ErrorNote>
    )
  }
  const isRunning = transfer.state === 'running'
  return (
    <div className={styles.note}>
      <span>{words(transfer, text.history)}</span>
      <Button onClick={isRunning ? stopTransfer : closeTransfer}>{isRunning ? text.app.cancel : text.app.close}</Button>
    </div>
  )
}

function words(transfer: Transfer, text: ReturnType<typeof useText>['history']): string {
  switch (transfer.state) {
    case 'running':
      return transfer.kind === 'export' ? text.exporting(transfer.done, transfer.total) : text.importing(transfer.done)
    case 'exported':
      return withMissing(text.exported(transfer.result.chats, transfer.result.pictures), transfer.result.missing)
    case 'imported':
      return withMissing(text.imported(transfer.result.chats, transfer.result.skipped), transfer.result.missing)
    case 'failed':
      return ''
  }

  function withMissing(said: string, missing: number): string {
    return missing > 0 ? `${said} ${text.missingPictures(missing)}` : said
  }
}
