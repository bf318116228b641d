import type { Text } from './en.ts'
import { app } from './zh/app.ts'
import { captions } from './zh/captions.ts'
import { capture } from './zh/capture.ts'
import { chat } from './zh/chat.ts'
import { composer } from './zh/composer.ts'
import { connection } from './zh/connection.ts'
import { empty } from './zh/empty.ts'
import { errors } from './zh/errors.ts'
import { history } from './zh/history.ts'
import { inspector } from './zh/inspector.ts'
import { link } from './zh/link.ts'
import { model } from './zh/model.ts'
import { models } from './zh/models.ts'
import { options } from './zh/options.ts'
import { picture } from './zh/picture.ts'
import { reading } from './zh/reading.ts'
import { settings } from './zh/settings.ts'
import { shortcuts } from './zh/shortcuts.ts'
import { video } from './zh/video.ts'

/** 中文。 */
export const zh: Text = {
  name: '中文',
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
