import type { Attention } from '../../src-main/ipc/contract.ts'
import { useText } from '../app/store.ts'
import { useArrowKeys } from './arrow-keys.ts'
import type { LayerChoice } from './heat.ts'
import styles from './inspector.module.css'

interface Props {
  layers: Attention['layers']
  chosen: LayerChoice
  onChoose(layer: LayerChoice): void
}

/** For each layer a bar: how much of its attention went to pictures, and how much to text. A bar chooses its layer. */
export function LayerShares({ layers, chosen, onChoose }: Props) {
  const { inspector } = useText()
  const { stop, group } = useArrowKeys(chosen === 'mean' ? 0 : chosen)
  return (
    <fieldset className={styles.layers} {...group}>
      <legend>{inspector.byLayer}</legend>
      <div className={styles.bars}>
        {layers.map(({ visual }, layer) => {
          const label = inspector.layerShare(layer + 1, Math.round(100 * visual))
          return (
            <button
              // biome-ignore lint/suspicious/noArrayIndexKey: a layer is its index
              key={layer}
              type="button"
              className={styles.bar}
              tabIndex={stop === layer ? 0 : -1}
              aria-label={label}
              title={label}
              aria-pressed={chosen === layer}
              onClick={() => onChoose(chosen === layer ? 'mean' : layer)}
            >
              <span className={styles.visual} style={{ height: `${100 * visual}%` }} />
            </button>
          )
        })}
      </div>
      <p className={styles.legend}>
        <span className={styles.visualKey} /> {inspector.onPictures} <span className={styles.textKey} />{' '}
        {inspector.onText}
      </p>
    </fieldset>
  )
}
