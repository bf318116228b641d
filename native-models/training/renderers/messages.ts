/** What dialogs say, why they say it, and what a person may do about it: `{w}` a word, `{f}` a file name, `{n}` a number. */
export interface Message {
  text: string
  why: string
  advice: string
}

/** A message with its blanks filled in. */
export interface ShownMessage {
  text: string
  why?: string
  advice?: string
}

const TABLE: readonly (readonly [text: string, why: string, advice: string])[] = [
  [
    'Save changes?',
    'Something was changed and has not been saved yet.',
    'Save if you want to keep the changes, or discard them.',
  ],
  [
    'File not found.',
    'The file was moved, renamed or deleted.',
    'Check the name and the folder, or search for the file.',
  ],
  [
    'The disk is full.',
    'There is no free space left on the disk.',
    'Delete files that you do not need, or move some to another disk.',
  ],
  [
    'An update is ready.',
    'A newer version has been downloaded.',
    'Install it when you have time, and save your work first.',
  ],
  [
    'Wrong password.',
    'The password that was typed is not the right one.',
    'Type the password again, and check that caps lock is off.',
  ],
  [
    'No network connection.',
    'The computer is not connected to a network.',
    'Check the cable or the Wi-Fi, then try again.',
  ],
  [
    'Delete this file?',
    'Someone has asked to delete the file, and it wants to be sure.',
    'Confirm only if you do not need the file any more.',
  ],
  ['Restart now?', 'Something takes effect only after a restart.', 'Save your work, then restart, or do it later.'],
  ['Task finished.', 'The task has come to its end.', 'Nothing more has to be done, so you can close this.'],
  ['Access denied.', 'You do not have the right to do this.', 'Ask the owner or an administrator for access.'],
  [
    'Upload failed.',
    'The file could not be sent, perhaps because the connection broke.',
    'Check the connection and upload it again.',
  ],
  ['Battery is low.', 'The battery is almost empty.', 'Plug in the charger soon and save your work.'],
  [
    'Save changes to {f}?',
    '{f} was changed and has not been saved yet.',
    'Save it if you want to keep the changes to {f}.',
  ],
  [
    'Delete {f}?',
    'Someone has asked to delete {f}, and it wants to be sure.',
    'Confirm only if you do not need {f} any more.',
  ],
  ['{f} was not found.', '{f} was moved, renamed or deleted.', 'Check the name, or search for {f} in another folder.'],
  [
    '{f} already exists.',
    'There is a file with the name {f} in this folder.',
    'Choose another name, or replace the old file.',
  ],
  [
    'Could not open {f}.',
    '{f} may be damaged, missing or open in another program.',
    'Check that {f} is still there and close other programs that use it.',
  ],
  [
    'Could not save {f}.',
    'The disk may be full, or you may not write in this folder.',
    'Try again, or save {f} in another folder.',
  ],
  ['Replace {f}?', 'There is a file with the name {f} already.', 'Replace it only if you do not need the old {f}.'],
  ['Copied {n} files.', 'All {n} files have been copied.', 'Nothing more has to be done, so you can close this.'],
  ['{n} items selected.', '{n} items have been chosen.', 'Choose what to do with the {n} items.'],
  ['Deleted {n} files.', 'The {n} files have been removed.', 'If you need them, look in the bin.'],
  ['{n} updates available.', 'There are newer versions of {n} programs.', 'Install the updates when you have time.'],
  [
    '{n} errors found.',
    'A check has found {n} things that are wrong.',
    'Look at the details and correct the errors one by one.',
  ],
  [
    'Are you sure you want to quit?',
    'Someone has asked to quit, and it wants to be sure.',
    'Quit if your work is saved, or stay.',
  ],
  ['Do you want to save {w}?', '{w} has not been saved yet.', 'Save {w} if you want to keep it.'],
  [
    'Cannot connect to {w}.',
    '{w} does not answer, or the network is down.',
    'Check the network and try to connect to {w} again.',
  ],
  [
    'The {w} is not available.',
    'The {w} is switched off, missing or in use.',
    'Try again later, or choose another {w}.',
  ],
  ['The {w} could not be loaded.', 'The {w} is missing or damaged.', 'Try to load the {w} again.'],
  [
    'Your {w} has been saved.',
    'The {w} was stored without a problem.',
    'Nothing more has to be done, so you can close this.',
  ],
  ['Your {w} is ready.', 'The {w} has been finished.', 'You can open the {w} now.'],
  ['Please enter a {w}.', 'The {w} is still missing.', 'Type a {w} and go on.'],
  ['The {w} is too long.', 'The {w} has more characters than are allowed.', 'Shorten the {w} and try again.'],
  ['No {w} selected.', 'Nothing has been chosen yet.', 'Choose a {w} first.'],
  [
    'Remove {w} from the list?',
    'Someone has asked to remove {w}, and it wants to be sure.',
    'Confirm only if {w} should leave the list.',
  ],
  [
    'The {w} has changed.',
    'The {w} was changed since it was last looked at.',
    'Load the {w} again to see what is new.',
  ],
  ['Send the {w} now?', 'The {w} is ready to be sent.', 'Check the {w} once more, then send it.'],
  ['Do you trust {w}?', '{w} is not known to this computer yet.', 'Say yes only if you know where {w} comes from.'],
  ['A new {w} was added.', 'Someone has added a {w}.', 'Have a look at the new {w}.'],
  ['The {w} has expired.', 'The {w} was valid for a limited time, which is over.', 'Renew the {w} and try again.'],
  ['{w} stopped working.', '{w} had an error that it could not handle.', 'Close {w} and start it again.'],
  ['Restart to finish the {w}.', 'The {w} needs a restart before it is complete.', 'Save your work and restart.'],
  [
    'Unknown error {n}.',
    'Something went wrong that the program does not know, with the number {n}.',
    'Try again, and look up error {n} if it comes back.',
  ],
  ['Download of {f} finished.', '{f} has been downloaded completely.', 'You can open {f} now.'],
  [
    'Printing {f} failed.',
    'The printer could not print {f}, perhaps because it is off or has no paper.',
    'Check the printer and print {f} again.',
  ],
  ['Only {n} MB left.', 'The disk is almost full.', 'Delete files that you do not need to make room.'],
  [
    'Try again in {n} minutes.',
    'There were too many tries, or the service is busy.',
    'Wait {n} minutes and try again.',
  ],
  ['You have {n} new messages.', '{n} messages have come that you have not read.', 'Open and read the {n} messages.'],
  ['Session expired.', 'Nothing was done for a long time, so you were signed out.', 'Sign in again.'],
  ['Invalid {w}.', 'The {w} is not in the right form.', 'Correct the {w} and try again.'],
  ['Permission denied: {f}', 'You do not have the right to open {f}.', 'Ask the owner of {f} for access.'],
  ['Line {n}: {w} expected.', 'There is a mistake in line {n}, where {w} is missing.', 'Go to line {n} and add {w}.'],
  [
    'The {w} and the {w} do not match.',
    'Two things that should be the same are different.',
    'Compare both and correct the one that is wrong.',
  ],
  ['Move {f} to {w}?', 'Someone has asked to move {f}, and it wants to be sure.', 'Confirm if {f} should be in {w}.'],
  [
    'Empty the bin?',
    'Everything in the bin would be deleted for good.',
    'Empty it only if you need nothing from the bin.',
  ],
  [
    'Discard all changes?',
    'There are changes that have not been saved.',
    'Discard them only if you do not need the changes.',
  ],
  ['Sign out of {w}?', 'Someone has asked to sign out, and it wants to be sure.', 'Sign out if you are done with {w}.'],
  ['Install {w} now?', '{w} is ready to be installed.', 'Install {w} if you trust it, or do it later.'],
  [
    '{w} needs your password.',
    '{w} wants to do something that only you may allow.',
    'Type your password if you trust {w}.',
  ],
  ['The printer is out of paper.', 'The paper tray is empty.', 'Put paper into the printer and go on.'],
  ['Update complete.', 'The new version has been installed.', 'Nothing more has to be done, so you can close this.'],
  ['Connection timed out.', 'The other side took too long to answer.', 'Check the network and try again.'],
  [
    'Your account is locked.',
    'There were too many wrong passwords, or someone has locked it.',
    'Ask support to unlock your account.',
  ],
  ['Scan complete. {n} threats found.', 'The scan has found {n} files that may do harm.', 'Remove the {n} threats.'],
  [
    'Backup finished.',
    'All files have been copied to a safe place.',
    'Nothing more has to be done, so you can close this.',
  ],
  [
    'Invalid email address.',
    'The address is not in the right form, perhaps without an @.',
    'Correct the email address and try again.',
  ],
  [
    'Allow {w} to use the camera?',
    '{w} wants to use the camera and needs your permission.',
    'Allow it only if you trust {w}.',
  ],
  ['Meeting with {w} at {n}:00.', 'A meeting with {w} is in the calendar.', 'Be ready for the meeting with {w}.'],
  ['The server did not respond.', 'The server is down, busy or cannot be reached.', 'Wait a little and try again.'],
  [
    'Nothing to undo.',
    'No change has been made that could be taken back.',
    'Just go on, for there is nothing to undo.',
  ],
]

/** In the order that decides which of them are held out. */
export const MESSAGES: readonly Message[] = TABLE.map(([text, why, advice]) => ({ text, why, advice }))
