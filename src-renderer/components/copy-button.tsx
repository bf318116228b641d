import { useEffect, useState } from 'react'
import { useText } from '../app/store.ts'
import { IconButton } from './icon-button.tsx'

interface Props {
  text: string
  label: string
  className?: string
}

/** Copies, and says so for a moment. */
export function CopyButton({ text, label, className }: Props) {
  const { copied } = useText().chat
  const [done, setDone] = useState(false)

  useEffect(() => {
    if (!done) return
    const timer = setTimeout(() => setDone(false), 1600)
    return () => clearTimeout(timer)
  }, [done])

  return (
    <IconButton
      icon={done ? 'check' : 'copy'}
      label={done ? copied : label}
      className={className}
      onClick={() => void navigator.clipboard.writeText(text).then(() => setDone(true))}
    />
  )
}
