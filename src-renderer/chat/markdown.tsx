import { type ComponentProps, memo, useDeferredValue } from 'react'
import ReactMarkdown, { type Components } from 'react-markdown'
import remarkGfm from 'remark-gfm'
import { useOwl, useText } from '../app/store.ts'
import { CopyButton } from '../components/copy-button.tsx'
import { Icon } from '../components/icon.tsx'
import { markFormulas } from './formula-text.ts'
import { completeMarkdown } from './half-written.ts'
import styles from './markdown.module.css'
import { usePlugins } from './markdown-plugins.ts'

interface Props {
  text: string
  /** More is to come: what is half written at the end is shown as if it were complete. */
  growing: boolean
}

/**
 * An answer's Markdown. The text is untrusted: raw HTML stays text, pictures are not loaded, and an address is
 * opened only after the person has seen it.
 */
const Markdown = memo(function Markdown({ text, growing }: Props) {
  // Typing and scrolling come before the newest words.
  const shown = useDeferredValue(text)
  const plugins = usePlugins(shown)
  const whole = growing ? completeMarkdown(shown) : text
  return (
    <div className={styles.markdown}>
      <ReactMarkdown
        remarkPlugins={[remarkGfm, ...plugins.remark]}
        rehypePlugins={plugins.rehype}
        components={components}
        urlTransform={(address) => address}
      >
        {plugins.formulas ? markFormulas(whole) : whole}
      </ReactMarkdown>
    </div>
  )
})

export default Markdown

const components: Components = {
  a: UntrustedLink,
  img: ({ src, alt }) => <UnloadedPicture address={String(src ?? '')} alt={alt} />,
  pre: CodeBlock,
  table: (props) => (
    <div className={styles.tableFrame}>
      <table>{props.children}</table>
    </div>
  ),
  // Task lists show their state; they are not for changing.
  input: ({ checked }) => <input type="checkbox" checked={checked === true} disabled readOnly />,
}

function UntrustedLink({ href, children }: ComponentProps<'a'>) {
  const askToOpen = useOwl((state) => state.askToOpen)
  const address = href ?? ''
  // A link that remend has closed before its address was written.
  if (address === '' || address.startsWith('streamdown:')) return <>{children}</>
  // A footnote's way to its text and back.
  if (address.startsWith('#')) return <a href={address}>{children}</a>
  return (
    <button type="button" className={styles.link} title={address} onClick={() => askToOpen(address)}>
      <span className={styles.words}>{children}</span>
      {children !== address && <span className={styles.address}> ({shortened(address)})</span>}
    </button>
  )
}

function UnloadedPicture({ address, alt }: { address: string; alt?: string }) {
  const { chat } = useText()
  return (
    <span className={styles.unloaded} title={address}>
      <Icon name="picture" /> {alt || chat.pictureNotLoaded}
    </span>
  )
}

function CodeBlock({ node, children }: ComponentProps<'pre'> & { node?: { children: unknown[] } }) {
  const { chat } = useText()
  return (
    <div className={styles.code}>
      <div className={styles.codeBar}>
        <span>{languageOf(node)}</span>
        <CopyButton text={textOf(node)} label={chat.copyCode} />
      </div>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: wide code is scrolled by keys */}
      <pre tabIndex={0}>{children}</pre>
    </div>
  )
}

/** The language named behind a fence. */
function languageOf(node: { children: unknown[] } | undefined): string {
  const code = node?.children[0] as { properties?: { className?: unknown } } | undefined
  const classes = Array.isArray(code?.properties?.className) ? code.properties.className.map(String) : []
  return classes.find((name) => name.startsWith('language-'))?.slice('language-'.length) ?? ''
}

/** The text of a syntax tree's node. */
function textOf(node: unknown): string {
  const { value, children } = (node ?? {}) as { value?: string; children?: unknown[] }
  return value ?? (children ?? []).map(textOf).join('')
}

function shortened(address: string): string {
  return address.length > 48 ? `${address.slice(0, 45)}…` : address
}
