import { useEffect, useState } from 'react'
import type { ModelState } from '../../src-main/ipc/contract.ts'
import { useOwl, useText } from '../app/store.ts'
import { Icon } from '../components/icon.tsx'
import { Menu, MenuChoice } from '../components/menu.tsx'
import { PlainWords } from '../components/plain-words.tsx'
import styles from './model-menu.module.css'
import { modelTitle } from './models-slice.ts'

/** The model in use and its state, as a button that opens the list of installed ones. */
export function ModelMenu() {
  const text = useText()
  const models = useOwl((state) => state.models)
  const model = useOwl((state) => state.model)
  const loadModel = useOwl((state) => state.loadModel)
  const refreshModels = useOwl((state) => state.refreshModels)
  const current = model.state === 'none' ? undefined : model.name
  const { title, detail } = useFace(model)

  const face = (
    <>
      <span className={`${styles.dot} ${styles[model.state]}`} />
      <span className={styles.title}>{title}</span>
      {detail && <span className={styles.detail}>{detail}</span>}
      <span className={styles.open}>
        <Icon name="open" />
      </span>
    </>
  )
  return (
    <Menu
      face={face}
      label={`${text.model.menu}: ${[title, detail].filter(Boolean).join(', ')}`}
      buttonClass={styles.button}
      align="centre"
      onOpen={refreshModels}
    >
      {models.length === 0 && (
        <p className={styles.nothing}>
          <PlainWords>{text.model.nothingInstalled}</PlainWords>
        </p>
      )}
      {models.map(({ name, title, description, bytes, embedded }) => (
        <MenuChoice
          key={name}
          checked={name === current && model.state !== 'failed'}
          onChoose={() => {
            if (name !== current || model.state === 'failed') void loadModel(name)
          }}
        >
          <span className={styles.name}>{title}</span>
          <span className={styles.facts}>
            {[text.model.size(bytes), embedded && text.model.embedded].filter(Boolean).join(' · ')}
          </span>
          <span className={styles.description}>{text.empty.about[name] ?? description}</span>
        </MenuChoice>
      ))}
    </Menu>
  )
}

function useFace(model: ModelState): { title: string; detail?: string } {
  const text = useText()
  const models = useOwl((state) => state.models)
  const waited = useSeconds(model.state === 'loading')
  switch (model.state) {
    case 'none':
      return { title: text.model.none }
    case 'loading':
      return {
        title: text.model.loading(modelTitle(models, model.name)),
        detail: waited > 0 ? text.model.loadingFor(waited) : undefined,
      }
    case 'ready':
      return {
        title: model.title,
        detail: model.insteadOfGpu === undefined ? text.model.device[model.device] : text.model.insteadOfGpu,
      }
    case 'failed':
      return { title: text.model.failed(modelTitle(models, model.name)) }
  }
}

/** Whole seconds since `running` became true. */
function useSeconds(running: boolean): number {
  const [seconds, setSeconds] = useState(0)
  useEffect(() => {
    if (!running) return
    setSeconds(0)
    const start = Date.now()
    const timer = setInterval(() => setSeconds(Math.floor((Date.now() - start) / 1000)), 1000)
    return () => clearInterval(timer)
  }, [running])
  return running ? seconds : 0
}
