import { join } from 'node:path'
import { OwlError } from '../owl-error.ts'
import { modelNamePattern } from './manifest.ts'

const partial = '.partial'

/** Where a model lies until it is whole. */
export function partialFolder(modelsFolder: string, name: string): string {
  return join(modelsFolder, `${name}${partial}`)
}

/** @throws OwlError `request-invalid` */
export function checkName(name: string): void {
  if (modelNamePattern.test(name) && !name.endsWith(partial)) return
  throw new OwlError('request-invalid', `${JSON.stringify(name)} cannot be the name of a model.`, {
    hint: 'Choose a name of lower case letters, digits, dots and dashes, up to 64, that begins with a letter or digit.',
  })
}

/** The name that comes closest to a text: "mPLUG Owl2 (7B)" gives "mplug-owl2-7b". */
export function nameAfter(text: string): string {
  const dashed = text.toLowerCase().replace(/[^a-z0-9.]+/g, '-')
  return dashed.slice(0, 64).replace(/^[^a-z0-9]+|[^a-z0-9]+$/g, '')
}
