export const link = {
  title: 'Open this address?',
  warning: 'It was written by the model. Look at it before you open it.',
  open: 'Open in the browser',
  copy: 'Copy the address',
  unsafe: 'Addresses of this kind are not opened.',
}
