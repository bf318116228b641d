import { useState } from 'react'
import type { OwlErrorMessage } from '../../src-main/ipc/contract.ts'
import { toErrorMessage } from '../app/error.ts'
import { useOwl, useText } from '../app/store.ts'
import { Button } from '../components/button.tsx'
import { ErrorNote } from '../components/error-note.tsx'
import styles from './model-notice.module.css'
import { modelTitle } from './models-slice.ts'

/** Why there is no model to ask, or not on the device that was chosen, and what to do about it. */
export function ModelNotice() {
  const text = useText()
  const models = useOwl((state) => state.models)
  const model = useOwl((state) => state.model)
  const loadModel = useOwl((state) => state.loadModel)
  const refreshModels = useOwl((state) => state.refreshModels)
  const question = useOwl((state) => state.memoryQuestion)
  const leave = useOwl((state) => state.leaveMemoryQuestion)
  if (question) {
    return (
      <ErrorNote error={question.error} title={text.model.failed(modelTitle(models, question.name))}>
        <Button onClick={() => void loadModel(question.name, { anyway: true })}>{text.models.loadAnyway}</Button>
        <Button onClick={leave}>{text.app.cancel}</Button>
      </ErrorNote>
    )
  }
  if (model.state === 'ready') return <InsteadOfGpu reason={model.insteadOfGpu} />
  if (model.state !== 'failed') return null
  const { name, error } = model
  if (error.code === 'device-unavailable') return <ProcessorQuestion name={name} error={error} />
  return (
    <ErrorNote error={error} title={text.model.failed(modelTitle(models, name))}>
      <Button onClick={() => void (name ? loadModel(name) : refreshModels())}>{text.app.tryAgain}</Button>
      {error.code === 'model-too-large' && (
        <Button onClick={() => void loadModel(name, { anyway: true })}>{text.models.loadAnyway}</Button>
      )}
    </ErrorNote>
  )
}

/** Nothing moves to the processor without the person's word, for this time or for every time. */
function ProcessorQuestion({ name, error }: { name: string; error: OwlErrorMessage }) {
  const text = useText()
  const title = useOwl((state) => modelTitle(state.models, name))
  const loadModel = useOwl((state) => state.loadModel)
  const changeSettings = useOwl((state) => state.changeSettings)
  const [notKept, setNotKept] = useState<OwlErrorMessage>()

  async function everyTime() {
    try {
      await changeSettings({ 'device.fallback': 'processor' })
      await loadModel(name)
    } catch (thrown) {
      setNotKept(toErrorMessage(thrown))
    }
  }

  return (
    <ErrorNote error={notKept ?? { ...error, hint: '' }} title={text.model.failed(title)}>
      <p className={styles.question}>{text.model.useProcessor}</p>
      <Button kind="primary" onClick={() => void loadModel(name, { onProcessor: true })}>
        {text.model.thisTime}
      </Button>
      <Button onClick={() => void everyTime()}>{text.model.everyTime}</Button>
      <Button onClick={() => void loadModel(name)}>{text.model.tryGpuAgain}</Button>
    </ErrorNote>
  )
}

function InsteadOfGpu({ reason }: { reason: string | undefined }) {
  const text = useText()
  const seen = useOwl((state) => state.seenReason)
  const hide = useOwl((state) => state.hideReason)
  if (reason === undefined || reason === seen) return null
  return (
    <div className={styles.note} role="status">
      <p>{text.model.onProcessor(reason)}</p>
      <Button onClick={hide}>{text.model.understood}</Button>
    </div>
  )
}
