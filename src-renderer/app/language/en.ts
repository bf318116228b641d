const number = new Intl.NumberFormat('en', { maximumFractionDigits: 1 })
const seconds = (ms: number) => `${number.format(ms / 1000)} s`
const count = (n: number, one: string, many: string) => `${number.format(n)} ${n === 1 ? one : many}`

/** Every word of the window, in English. The other languages have the same shape, checked by the compiler. */
export const en = {
  name: 'English',
  app: {
    title: 'Owl',
    newChat: 'New chat',
    settings: 'Settings',
    theme: 'Theme',
    themes: { system: 'Like the system', light: 'Light', dark: 'Dark' },
    language: 'Language',
    close: 'Close',
    cancel: 'Cancel',
    tryAgain: 'Try again',
  },
  connection: {
    lost: 'The connection to Owl was lost. Trying to reach it again…',
    retryNow: 'Try now',
    refused: 'Owl was started anew and no longer knows this page. Open the address that `owl serve` printed.',
  },
  model: {
    menu: 'Choose a model',
    none: 'No model',
    noneTitle: 'No model is loaded',
    noneHint: 'Choose one in the menu above, or install one with `owl models add`.',
    nothingInstalled: 'No model is installed. Add one with `owl models add`.',
    loading: (title: string) => `Loading ${title}`,
    loadingFor: (wholeSeconds: number) => `${wholeSeconds} s`,
    ready: (title: string, device: string) => `${title} is ready on ${device}`,
    failed: (title: string) => (title ? `${title} did not load` : 'The models could not be listed'),
    device: { cpu: 'CPU', webgpu: 'GPU' },
    embedded: 'comes with the app',
    size: (bytes: number) =>
      bytes >= 1e9 ? `${number.format(bytes / 1e9)} GB` : `${number.format(Math.max(0.1, bytes / 1e6))} MB`,
  },
  empty: {
    heading: 'Show me a picture',
    invitation: 'Drop it anywhere, paste it, or',
    pick: 'pick a file',
    privacy: 'Pictures and questions stay on this computer.',
    examples: ['What does this window ask me?', 'Which bar is the tallest?', 'What is the title of this dialog?'],
    examplesLabel: 'Examples of questions',
    bringBack: 'Back to the last chat',
  },
  composer: {
    label: 'Your question',
    placeholder: 'Ask anything',
    placeholderPicture: 'Ask about it, or press Enter for a description',
    describe: (pictures: number): string => (pictures === 1 ? 'Describe this picture.' : 'Describe these pictures.'),
    addPictures: 'Add pictures',
    send: 'Ask',
    stop: 'Stop',
    keys: 'Enter asks, Shift+Enter starts a new line',
    dropHere: 'Drop pictures here',
    editing: 'You are changing an earlier question. What came after it will be replaced.',
  },
  picture: {
    tray: 'Pictures of your question',
    open: (name: string) => `Show ${name} large`,
    adding: (name: string) => `Adding ${name}`,
    failed: (name: string) => `${name} could not be added`,
    remove: (name: string) => `Remove ${name}`,
    earlier: (name: string) => `Move ${name} to the left`,
    later: (name: string) => `Move ${name} to the right`,
    pasted: 'pasted picture.png',
    viewer: 'Picture',
    zoomIn: 'Zoom in',
    zoomOut: 'Zoom out',
    fit: 'Fit to the window',
    previous: 'Previous picture',
    next: 'Next picture',
    missing: 'This picture is no longer stored',
    size: (width: number, height: number) => `${width} × ${height}`,
  },
  chat: {
    conversation: 'Conversation',
    question: 'You asked',
    answer: 'Owl answered',
    waitingForModel: 'Waiting for the model',
    thinking: 'Looking',
    readingPictures: (done: number, total: number) =>
      total > 1 ? `Looking at picture ${Math.min(done + 1, total)} of ${total}` : 'Looking at the picture',
    reading: (percent: number) => `Reading, ${percent} %`,
    writing: 'Owl is answering',
    copy: 'Copy the answer',
    copied: 'Copied',
    copyCode: 'Copy the code',
    regenerate: 'Answer again',
    edit: 'Change this question',
    copyQuestion: 'Copy the question',
    toNewest: 'To the newest message',
    stopped: 'Stopped.',
    tooLong: 'The answer reached its length limit.',
    silent: 'The model gave no answer.',
    tokensPerSecond: (rate: number) => `${number.format(rate)} tokens/s`,
    firstToken: (ms: number) => `first token after ${seconds(ms)}`,
    context: (used: number, rows: number) => `context ${Math.round((100 * used) / rows)} %`,
    contextDetail: (used: number, rows: number, visual: number) =>
      `${count(used, 'row', 'rows')} of ${number.format(rows)} used, ${number.format(visual)} of them for pictures`,
    pictureNotLoaded: 'Picture, not loaded',
  },
  link: {
    title: 'Open this address?',
    warning: 'It was written by the model. Look at it before you open it.',
    open: 'Open in the browser',
    copy: 'Copy the address',
    unsafe: 'Addresses of this kind are not opened.',
  },
  /** Errors by code, where the window has its own words; all others come with theirs. */
  errors: {
    'connection-lost': {
      message: 'The connection to Owl was lost.',
      hint: 'Ask again once the connection is back; nothing of the chat is lost.',
    },
    'answer-interrupted': {
      message: 'The window was reloaded before the answer was complete.',
      hint: 'Ask for the answer again.',
    },
    'file-unreadable': {
      message: 'The file could not be read.',
      hint: 'Check that it is a file, not a folder, and that it still exists.',
    },
    'file-too-large': {
      message: 'The file is larger than 64 MB.',
      hint: 'Scale the picture down or crop it, then try again.',
    },
    'too-many-pictures': {
      message: 'One question can hold 64 pictures.',
      hint: 'Ask about the rest in a second question.',
    },
  } as Record<string, { message?: string; hint?: string }>,
}

export type Text = typeof en
