export const app = {
  title: 'Owl',
  newChat: 'New chat',
  views: 'Views',
  viewNames: { chat: 'Chat', captions: 'Captions', video: 'Video', models: 'Models', settings: 'Settings' },
  showSide: 'Show the list',
  hideSide: 'Hide the list',
  close: 'Close',
  cancel: 'Cancel',
  tryAgain: 'Try again',
}
