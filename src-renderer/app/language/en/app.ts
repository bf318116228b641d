export const app = {
  title: 'Owl',
  newChat: 'New chat',
  settings: 'Settings',
  theme: 'Theme',
  themes: { system: 'Like the system', light: 'Light', dark: 'Dark' },
  language: 'Language',
  close: 'Close',
  cancel: 'Cancel',
  tryAgain: 'Try again',
}
