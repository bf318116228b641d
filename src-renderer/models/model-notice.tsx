import { useOwl, useText } from '../app/store.ts'
import { Button } from '../components/button.tsx'
import { ErrorNote } from '../components/error-note.tsx'
import { modelTitle } from './models-slice.ts'

/** Why there is no model to ask, and what to do about it. Nothing while one is ready or on its way. */
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
        <Button onClick={() => void loadModel(question.name, true)}>{text.models.loadAnyway}</Button>
        <Button onClick={leave}>{text.app.cancel}</Button>
      </ErrorNote>
    )
  }
  if (model.state !== 'failed') return null
  const { name, error } = model
  return (
    <ErrorNote error={error} title={text.model.failed(modelTitle(models, name))}>
      <Button onClick={() => void (name ? loadModel(name) : refreshModels())}>{text.app.tryAgain}</Button>
      {error.code === 'model-too-large' && (
        <Button onClick={() => void loadModel(name, true)}>{text.models.loadAnyway}</Button>
      )}
    </ErrorNote>
  )
}
