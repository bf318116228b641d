import type { ComponentProps } from 'react'
import styles from './button.module.css'
import { Icon, type IconName } from './icon.tsx'

interface Props extends Omit<ComponentProps<'button'>, 'children' | 'aria-label' | 'title'> {
  icon: IconName
  /** Read aloud, and shown on hover. */
  label: string
}

export function IconButton({ icon, label, className = '', ...rest }: Props) {
  return (
    <button type="button" className={`${styles.icon} ${className}`} aria-label={label} title={label} {...rest}>
      <Icon name={icon} />
    </button>
  )
}
