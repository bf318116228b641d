/** The sheet of keys: groups of what they do. `Ctrl` is shown as ⌘ on a Mac. */
export const shortcuts = {
  title: 'Keys',
  open: 'Show the keys',
  groups: [
    {
      title: 'Everywhere',
      keys: [
        ['Ctrl+/', 'This sheet; also ? outside of a field'],
        ['Alt+1 … Alt+5', 'Go to a view'],
        ['Ctrl+,', 'Settings'],
        ['Tab, Shift+Tab', 'Go through everything that can be used'],
      ],
    },
    {
      title: 'Asking',
      keys: [
        ['Enter', 'Ask (the settings can swap it with Ctrl+Enter)'],
        ['Shift+Enter', 'New line'],
        ['Escape', 'Stop the answer; leave a change'],
        ['↑', 'In an empty field: change the last question, or take it up again for a new picture'],
        ['Ctrl+Shift+O', 'New chat'],
        ['Ctrl+V', 'Paste a picture or text'],
      ],
    },
    {
      title: 'The list of chats',
      keys: [
        ['↑, ↓', 'The chat before, the next'],
        ['F2', 'Rename it'],
        ['M', 'Move it to a folder'],
        ['Delete', 'Delete it'],
      ],
    },
    {
      title: 'A picture of the question',
      keys: [
        ['Alt+←, Alt+→', 'Move it in the order'],
        ['C', 'Cut or turn it'],
        ['Delete', 'Remove it'],
        ['Enter', 'Show it large'],
      ],
    },
    {
      title: 'A picture shown large',
      keys: [
        ['+, −, 0', 'Closer, farther, all of it'],
        ['←, →', 'The one before, the next'],
      ],
    },
    {
      title: 'Cutting and turning',
      keys: [
        ['Arrows', 'Move the selection'],
        ['Shift+arrows', 'Size it; with Alt in single pixels'],
        ['R, Shift+R', 'Turn right, turn left'],
        ['Enter', 'Apply'],
      ],
    },
    {
      title: 'Where the model looked',
      keys: [
        ['Arrows', 'From word to word, from layer to layer'],
        ['Enter', 'Look at it'],
      ],
    },
  ] as { title: string; keys: [string, string][] }[],
}
