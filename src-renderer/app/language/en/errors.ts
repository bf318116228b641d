interface ErrorWords {
  /** A function where the words hold what main has said, such as what a driver complained about. */
  message?: string | ((said: string) => string)
  hint?: string
}

export const errors: Record<string, ErrorWords> = {
  'video-unreadable': { hint: 'Convert the file to MP4 with H.264, or take a complete copy of it.' },
  'video-no-track': { hint: 'Choose a file with moving pictures in it.' },
  'video-codec-unsupported': { hint: 'Convert the video to H.264, VP9 or AV1.' },
  'video-without-frames': {
    message: 'There is no frame that the model could be shown.',
    hint: 'Choose frames of another stretch, then ask again.',
  },
  'connection-lost': {
    message: 'The connection to Owl was lost.',
    hint: 'Ask again once the connection is back; nothing of the chat is lost.',
  },
  'file-unreadable': {
    message: 'The file could not be read.',
    hint: 'Check that it is a file, not a folder, and that it still exists.',
  },
  'folder-without-pictures': {
    message: 'The folder holds no pictures.',
    hint: 'Drop a folder with PNG, JPEG, WebP, GIF, AVIF, TIFF, BMP or SVG files.',
  },
  'picture-on-the-web': {
    message: 'The page gave the address of the picture only, and Owl loads nothing from the web.',
    hint: 'Copy the picture itself in the browser (right click, Copy image) and paste it here.',
  },
  'capture-failed': {
    message: 'The screen could not be captured.',
    hint: 'Allow it in the browser and the system, or paste a screenshot instead.',
  },
  'file-too-large': {
    message: 'The file is larger than 64 MB.',
    hint: 'Scale the picture down or crop it, then try again.',
  },
  'too-many-pictures': {
    message: 'One question can hold 64 pictures.',
    hint: 'Ask about the rest in a second question.',
  },
}
