import { lazy, Suspense, useEffect, useState } from 'react'
import type { CaptureKind } from '../../src-main/ipc/contract.ts'
import { windowError } from '../app/error.ts'
import { useOwl, useText } from '../app/store.ts'
import buttons from '../components/button.module.css'
import { Icon } from '../components/icon.tsx'
import { IconButton } from '../components/icon-button.tsx'
import { Menu, MenuChoice } from '../components/menu.tsx'
import type { PictureEdit } from './picture-editor.tsx'
import { type CapturedFrame, canCaptureScreen, captureFrame, cutFrame } from './screen-capture.ts'

const captureKinds = ['region', 'window', 'screen'] as const satisfies readonly CaptureKind[]

const PictureEditor = lazy(() => import('./picture-editor.tsx'))

/**
 * Takes a picture of the screen into the composer. In Electron main does all of it; in a browser its own screen picker
 * gives one, and the person chooses a part of it here.
 */
export function CaptureButton() {
  const text = useText()
  const addDropped = useOwl((state) => state.addDropped)
  const startCapture = useOwl((state) => state.startCapture)
  const [frame, setFrame] = useState<CapturedFrame & { address: string }>()
  useEffect(() => () => void (frame && URL.revokeObjectURL(frame.address)), [frame])

  const name = () => text.picture.screen(new Date().toLocaleString('sv').replaceAll(':', '.'))

  if (window.api !== undefined) {
    return (
      <Menu
        face={<Icon name="capture" />}
        label={text.composer.capture}
        buttonClass={buttons.icon!}
        align="start"
        above
      >
        {captureKinds.map((kind) => (
          <MenuChoice key={kind} checked={false} onChoose={() => startCapture(kind, name())}>
            {text.composer.captureKinds[kind]}
          </MenuChoice>
        ))}
      </Menu>
    )
  }
  if (!canCaptureScreen()) return null

  function capture() {
    captureFrame().then(
      (taken) => taken && setFrame({ ...taken, address: URL.createObjectURL(taken.blob) }),
      () => addDropped({ files: [], refused: [{ name: name(), error: windowError('capture-failed') }] }),
    )
  }

  function take({ crop }: PictureEdit) {
    if (!frame) return
    setFrame(undefined)
    void cutFrame(frame, crop, name()).then((file) => addDropped({ files: [file], refused: [] }))
  }

  return (
    <>
      <IconButton icon="capture" label={text.composer.capture} onClick={capture} />
      {frame && (
        <Suspense>
          <PictureEditor
            source={frame.address}
            width={frame.width}
            height={frame.height}
            title={text.picture.captureTitle}
            action={text.picture.captureAction}
            turns={false}
            onDone={take}
            onLeave={() => setFrame(undefined)}
          />
        </Suspense>
      )}
    </>
  )
}
