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
  if (model.state !== 'failed') return null
  const { name, error } = model
  return (
    <ErrorNote error={error} title={text.model.failed(modelTitle(models, name))}>
      <Button onClick={() => void (name ? loadModel(name) : refreshModels())}>{text.app.tryAgain}</Button>
    </ErrorNote>
  )
}
