import { useEffect, useState } from 'react'
import type { Options } from 'react-markdown'
import { useOwl } from '../app/store.ts'
import { mayHaveFormulas } from './formula-text.ts'

type Formulas = typeof import('./formulas.ts')
type Colours = typeof import('./code-colours.ts')

// Loaded once for all answers.
let formulas: Formulas | undefined
let colours: Colours | undefined

interface Plugins {
  /** Formulas are shown; their dollars are to be marked. */
  formulas: boolean
  remark: NonNullable<Options['rehypePlugins']>
  rehype: NonNullable<Options['rehypePlugins']>
}

/** What an answer's Markdown needs besides the ordinary: fetched when an answer needs it for the first time. */
export function usePlugins(text: string): Plugins {
  const wantsFormulas = mayHaveFormulas(text)
  const wantsColours = useOwl((state) => state.settings['chat.highlightCode'] !== false) && /```\w|~~~\w/.test(text)
  const [, setLoaded] = useState(0)

  useEffect(() => {
    const again = () => setLoaded((count) => count + 1)
    if (wantsFormulas && !formulas) {
      void import('./formulas.ts').then((module) => {
        formulas = module
        again()
      })
    }
    if (wantsColours && !colours) {
      void import('./code-colours.ts').then((module) => {
        colours = module
        again()
      })
    }
  }, [wantsFormulas, wantsColours])

  return {
    formulas: wantsFormulas && formulas !== undefined,
    remark: wantsFormulas && formulas ? formulas.remarkPlugins : [],
    rehype: [
      ...(wantsFormulas && formulas ? formulas.rehypePlugins : []),
      ...(wantsColours && colours ? colours.rehypePlugins : []),
    ],
  }
}
