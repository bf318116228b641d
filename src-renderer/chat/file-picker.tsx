import { type ReactNode, useRef } from 'react'
import { useOwl } from '../app/store.ts'

/** Gives its child a function that opens the system's file dialog; what is picked goes to the draft. */
export function FilePicker({ children }: { children: (pick: () => void) => ReactNode }) {
  const addPictures = useOwl((state) => state.addPictures)
  const input = useRef<HTMLInputElement>(null)
  return (
    <>
      <input
        ref={input}
        type="file"
        accept="image/*,.heic,.heif,.tif,.tiff,.svg"
        multiple
        hidden
        onChange={(event) => {
          addPictures([...(event.target.files ?? [])])
          // So that picking the same file once more is a change again.
          event.target.value = ''
        }}
      />
      {children(() => input.current?.click())}
    </>
  )
}
