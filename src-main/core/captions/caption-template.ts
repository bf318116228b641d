import { basename, dirname, extname } from 'node:path'

/** What a template may speak of, each written in braces. */
export const templateVariables = ['name', 'file', 'extension', 'directory', 'path', 'width', 'height', 'text'] as const
type TemplateVariable = (typeof templateVariables)[number]

export type TemplateValues = Record<TemplateVariable, string>

/**
 * The values for one file.
 * @param path as the person gave or the walk found it
 * @param root the folder that was captioned; `path` is told relative to it, with slashes on every platform
 * @param text what is written in the picture, where a template asks for it
 */
export function templateValues(
  path: string,
  root: string,
  size: { width: number; height: number },
  text = '',
): TemplateValues {
  const file = basename(path)
  const ending = extname(file)
  return {
    name: ending ? file.slice(0, -ending.length) : file,
    file,
    extension: ending.slice(1).toLowerCase(),
    directory: basename(dirname(path)),
    path: path.startsWith(root)
      ? path
          .slice(root.length)
          .replace(/^[/\\]+/, '')
          .replaceAll('\\', '/')
      : file,
    width: String(size.width),
    height: String(size.height),
    text,
  }
}

/** Braces that hold a word, or doubled ones, which stand for themselves. */
const pieces = /\{\{|\}\}|\{([^{}]*)\}/g

/** Puts the values in. A template that `checkTemplate` passes has no unknown ones. */
export function fillTemplate(template: string, values: TemplateValues): string {
  return template.replace(pieces, (whole, name?: string) => {
    if (name === undefined) return whole[0]!
    return values[name.trim() as TemplateVariable] ?? whole
  })
}

/** Whether a template asks for a variable. */
export function asksFor(template: string, variable: TemplateVariable): boolean {
  return [...template.matchAll(pieces)].some(([, name]) => name?.trim() === variable)
}

/** @returns what is wrong with a template, for the person who wrote it; nothing where it is right */
export function checkTemplate(template: string): string | undefined {
  for (const [whole, name] of template.matchAll(pieces)) {
    if (name === undefined || templateVariables.includes(name.trim() as TemplateVariable)) continue
    const known = templateVariables.map((variable) => `{${variable}}`).join(', ')
    return `${whole} is no variable; there are ${known}, and {{ for a brace`
  }
  return undefined
}
