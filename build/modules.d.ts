declare module '*/electron-builder.mjs' {
  import type { Configuration } from 'electron-builder'

  const configuration: Configuration
  export default configuration
}

declare module '*/icon.mjs' {
  /** Draws the app's icon, from which electron-builder makes those of each platform. */
  export function drawIcon(): Promise<void>
}

declare module '*/mesa-driver.mjs' {
  export function mesaDriver(): string | undefined
}
