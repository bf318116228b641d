import { readFileSync, renameSync, writeFileSync } from 'node:fs'
import { z } from 'zod'

const boundsSchema = z.object({
  x: z.number().int(),
  y: z.number().int(),
  width: z.number().int().min(200),
  height: z.number().int().min(200),
})
const stateSchema = z.object({ bounds: boundsSchema, maximized: z.boolean() })

export type Bounds = z.output<typeof boundsSchema>
export type WindowState = z.output<typeof stateSchema>

/** How much of a window has to be on a screen for it to be found and moved, in pixels. */
const leastVisible = 96

/**
 * Where the window was, if that place is still on a screen.
 * @param screens areas that windows may use
 */
export function readWindowState(path: string, screens: readonly Bounds[]): WindowState | undefined {
  try {
    const state = stateSchema.parse(JSON.parse(readFileSync(path, 'utf8')))
    return screens.some((area) => overlaps(state.bounds, area)) ? state : undefined
  } catch {
    // Missing or damaged: the window opens as it does the first time.
    return undefined
  }
}

/**
 * Keeps where the window is, at once, as the program may be about to end. Losing it would only cost the person a drag,
 * so a failure is no error.
 */
export function writeWindowState(path: string, state: WindowState): void {
  try {
    writeFileSync(`${path}.new`, JSON.stringify(state))
    renameSync(`${path}.new`, path)
  } catch {
    // The place of the time before holds.
  }
}

function overlaps(window: Bounds, area: Bounds): boolean {
  const width = Math.min(window.x + window.width, area.x + area.width) - Math.max(window.x, area.x)
  const height = Math.min(window.y + window.height, area.y + area.height) - Math.max(window.y, area.y)
  return width >= leastVisible && height >= leastVisible
}
