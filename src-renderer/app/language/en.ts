import { app } from './en/app.ts'
import { captions } from './en/captions.ts'
import { capture } from './en/capture.ts'
import { chat } from './en/chat.ts'
import { composer } from './en/composer.ts'
import { connection } from './en/connection.ts'
import { empty } from './en/empty.ts'
import { errors } from './en/errors.ts'
import { history } from './en/history.ts'
import { inspector } from './en/inspector.ts'
import { link } from './en/link.ts'
import { model } from './en/model.ts'
import { models } from './en/models.ts'
import { options } from './en/options.ts'
import { picture } from './en/picture.ts'
import { reading } from './en/reading.ts'
import { settings } from './en/settings.ts'
import { shortcuts } from './en/shortcuts.ts'
import { video } from './en/video.ts'

/** Every word of the window, in English: a file a domain. The other languages have the same shape, checked by the compiler. */
export const en = {
  name: 'English',
  app,
  connection,
  model,
  models,
  empty,
  composer,
  picture,
  chat,
  history,
  link,
  inspector,
  reading,
  capture,
  settings,
  captions,
  options,
  shortcuts,
  video,
  errors,
}

export type Text = typeof en
