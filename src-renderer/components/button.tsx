import type { ComponentProps } from 'react'
import styles from './button.module.css'

interface Props extends ComponentProps<'button'> {
  kind?: 'primary' | 'quiet'
}

export function Button({ kind = 'quiet', className = '', ...rest }: Props) {
  return <button type="button" className={`${styles.button} ${styles[kind]} ${className}`} {...rest} />
}
