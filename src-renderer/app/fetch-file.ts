/** Has the shell save a file that main offers; the answer's headers name it. */
export function fetchFile(address: string): void {
  const link = document.createElement('a')
  link.href = address
  link.download = ''
  link.click()
}
