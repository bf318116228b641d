/**
 * Every error a person can meet: its code and what to do about it. One list for the model, the
 * inference process, the terminal and the window.
 */
export const errorCatalogue = {
  // checkpoint folders
  'checkpoint-not-found': 'Check the path: a checkpoint is a folder with config.json and its weight files.',
  'checkpoint-damaged': 'The file is damaged or incomplete. Download it again and compare its size with the source.',
  'checkpoint-shard-missing': 'Put every file that the index names into the same folder, then try again.',
  'checkpoint-unsupported-format': 'Use a checkpoint saved as safetensors, or by torch.save of PyTorch 1.6 or later.',
  'checkpoint-forbidden-pickle':
    'The file asks for code that a weight file has no need of, so nothing of it was run. Do not trust its source.',
  'checkpoint-unsafe-path': 'The checkpoint names a file outside its own folder. Do not trust its source.',
  'unsupported-config': 'Use a checkpoint of the mPLUG-Owl2 architecture as published.',
  'weights-missing': 'The checkpoint lacks weights that its config.json calls for. Use a complete one.',
  'weights-misshapen':
    'A weight does not have the shape that config.json calls for. Use files of one and the same model.',
  'tokenizer-unsupported': 'Use a checkpoint with a SentencePiece tokenizer.model or a tokenizer.json.',
  // installed models
  'model-not-found': 'List the installed models with `owl models list`.',
  'model-damaged': 'Verify it with `owl models verify`, then remove and install it again.',
  'model-exists': 'Remove the installed model of this name first, or choose another name.',
  'install-failed': 'What was finished is kept: run the same command again to continue.',
  'disk-full': 'Free some space and try again; what was finished is kept.',
  'install-running': 'Wait for it, or pause it first: `owl models pause`.',
  'repair-impossible': 'Install the program again: its own model comes with it.',
  'model-too-large':
    'Close other programs to free memory, choose a smaller model or precision, or load it anyway (`--load-anyway`).',
  'licence-not-accepted': 'Read the licence at the source, then accept it: in the window, or with `--accept-licence`.',
  // hubs
  'hub-not-found': 'Check the name of the repository and the revision; a private one needs a token.',
  'hub-access-denied':
    'Ask for access on the page of the repository if it is gated, and give a token: `owl models token`, or in the window.',
  'hub-failed': 'Try again later, or choose another address of the hub. What was downloaded is kept.',
  'network-failed': 'Check the network and the proxy settings, then continue. What was downloaded is kept.',
  'download-changed': 'Cancel this download and begin again, so that all files are of one version.',
  'download-damaged': 'Continue to fetch the file again; if it repeats, something on the way changes the data.',
  // pictures
  'picture-not-found': 'Check the path of the picture.',
  'picture-empty': 'The file has no bytes. Save or export the picture again.',
  'picture-unreadable': 'Open it in an image program and save it as PNG or JPEG.',
  'picture-unsupported': 'Convert the picture to PNG, JPEG, WebP, GIF, AVIF, TIFF or SVG.',
  'picture-too-large': 'Scale the picture down or crop it, then try again.',
  'reader-missing': 'Install the program again; everything but reading text works without it.',
  'reader-lost': 'Try once more. If it repeats, the picture may be too much for this machine: crop it.',
  // generation
  'context-full': 'Start a new chat, remove pictures, or ask for a shorter answer.',
  'answer-not-finite':
    'Ask once more. If it repeats, verify the model with `owl models verify`, or choose the processor in the settings.',
  'request-invalid': 'Check the request against the documentation.',
  'model-not-loaded': 'Load a model first.',
  'model-load-failed': 'Verify the model with `owl models verify`; if it is whole, there may be too little memory.',
  'inference-crashed':
    'The model process was started again: ask once more. If it repeats, close other programs to free memory.',
  'inference-unresponsive': 'The model process was stopped and started again: ask once more.',
  'device-unavailable':
    'Choose the processor in the settings (`--device cpu`), or let it take the place of the GPU there for every time.',
  'device-lost': 'The model was loaded again: ask once more. If it repeats, choose the processor in the settings.',
  cancelled: 'Nothing to do: it was stopped on request.',
  // history
  'database-damaged': 'Start Owl again: the damaged file is set aside and what can be read of it is recovered.',
  'database-newer': 'Install the newest version of Owl Desktop; this one leaves the file as it is.',
  'database-unavailable':
    'Close other programs that use the data folder, check that it can be written to, and try again.',
  // captions and videos
  'folder-unreadable': 'Allow reading the folder, or leave it out.',
  'caption-not-writable': 'Allow writing there, or have one table written elsewhere.',
  'caption-shared': 'Rename one of the pictures, or choose one table for the folder as the output.',
  'caption-table-damaged': 'Move the file away, or choose another form of output.',
  'captions-elsewhere': 'Wait for it, or stop it there (a terminal or another window).',
  'captions-busy': 'Pause the job first.',
  'video-not-found': 'Check the path of the video.',
  'video-unreadable': 'Convert the file to MP4 with H.264, or take a complete copy of it.',
  'video-no-track': 'Choose a file with moving pictures in it.',
  'video-codec-unsupported': 'Convert the video to H.264, VP9 or AV1.',
  'video-decoder-missing': 'Install Chromium, Chrome or Edge (OWL_BROWSER may name it), or ffmpeg.',
  'import-unreadable':
    'Choose a zip that Owl has exported, or a zip or `conversations.json` in the form of OpenAI; export it once more if it is damaged.',
  // shell
  'capture-unavailable': 'Paste a screenshot instead, or drop one.',
  'folder-not-usable': 'Choose a folder of its own that is empty, on a disk with enough space.',
  'settings-not-saved': 'Check that the data folder can be written to; the change holds until the program ends.',
  'port-unavailable': 'Choose another port in the settings (`--port`), or end the program that uses it.',
  usage: 'See `owl --help`.',
  unauthorised: 'Open the address printed by `owl serve`, with its token.',
  'not-found': 'It may have been removed. Refresh and try again.',
  internal: 'This is a fault of the program. The log says more; please report it.',
} as const satisfies Record<string, string>

export type ErrorCode = keyof typeof errorCatalogue
