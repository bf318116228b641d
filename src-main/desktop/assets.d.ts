/** Files that are copied beside the built program; the import is their path there. */
declare module '*.png?asset' {
  const path: string
  export default path
}
