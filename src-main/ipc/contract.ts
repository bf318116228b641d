import type { z } from 'zod'
import { appCalls } from './contract/app.ts'
import { captionCalls, captionEvents, type captionItemSchema, type captionJobSchema } from './contract/captions.ts'
import { captureCalls, captureEvents } from './contract/capture.ts'
import {
  answerEvents,
  chatCalls,
  type chatSettingsSchema,
  type openedChatSchema,
  type samplingSchema,
  type statsSchema,
  type turnSchema,
} from './contract/chats.ts'
import { deviceCalls, type deviceInfoSchema } from './contract/devices.ts'
import { folderCalls, folderEvents } from './contract/folder.ts'
import {
  type chatFolderSchema,
  type chatSummarySchema,
  type foundMessageSchema,
  historyCalls,
  historyEvents,
} from './contract/history.ts'
import { type attentionSchema, inspectionCalls } from './contract/inspection.ts'
import { logCalls } from './contract/logs.ts'
import {
  type catalogueEntrySchema,
  type installPlanSchema,
  type installStateSchema,
  modelCalls,
  modelEvents,
  type modelSchema,
  type modelStateSchema,
} from './contract/models.ts'
import { pictureCalls, type pictureSchema } from './contract/pictures.ts'
import { type givenTextSchema, type pictureTextSchema, readingCalls, readingEvents } from './contract/reading.ts'
import { type localServerStateSchema, serverCalls, serverEvents } from './contract/server.ts'
import { type settingFormSchema, type settingSchema, settingsCalls, settingsEvents } from './contract/settings.ts'
import type { errorSchema } from './contract/shared-schemas.ts'
import { videoCalls, videoEvents } from './contract/videos.ts'

/**
 * The one list of what main offers to a window: calls (input and output schema) and events, a file a domain in
 * `contract/`. Types are inferred from it on both sides; a new call is one entry there, one handler in `handlers/` and
 * one function in core.
 */
export const calls = {
  ...appCalls,
  ...modelCalls,
  ...deviceCalls,
  ...pictureCalls,
  ...readingCalls,
  ...chatCalls,
  ...historyCalls,
  ...inspectionCalls,
  ...settingsCalls,
  ...serverCalls,
  ...captureCalls,
  ...captionCalls,
  ...logCalls,
  ...folderCalls,
  ...videoCalls,
} as const

export const events = {
  ...modelEvents,
  ...answerEvents,
  ...readingEvents,
  ...historyEvents,
  ...settingsEvents,
  ...serverEvents,
  ...captureEvents,
  ...captionEvents,
  ...folderEvents,
  ...videoEvents,
} as const

export type CallName = keyof typeof calls
export type CallInput<N extends CallName> = z.input<(typeof calls)[N]['input']>
export type CallOutput<N extends CallName> = z.output<(typeof calls)[N]['output']>
export type EventName = keyof typeof events
export type EventPayload<N extends EventName> = z.output<(typeof events)[N]>

export type OwlErrorMessage = z.output<typeof errorSchema>
export type Picture = z.output<typeof pictureSchema>
export type PictureText = z.output<typeof pictureTextSchema>
export type GivenText = z.output<typeof givenTextSchema>
export type StoredTurn = z.output<typeof turnSchema>
export type OpenedChat = z.output<typeof openedChatSchema>
export type ChatSettings = z.output<typeof chatSettingsSchema>
export type ChatSummary = z.output<typeof chatSummarySchema>
export type CaptureKind = CallInput<'capture.start'>['kind']
export type ChatFolder = z.output<typeof chatFolderSchema>
export type FoundMessage = z.output<typeof foundMessageSchema>
export type Sampling = z.output<typeof samplingSchema>
export type Model = z.output<typeof modelSchema>
export type DeviceInfo = z.output<typeof deviceInfoSchema>
export type CatalogueEntry = z.output<typeof catalogueEntrySchema>
export type InstallPlan = z.output<typeof installPlanSchema>
export type InstallState = z.output<typeof installStateSchema>
export type ModelState = z.output<typeof modelStateSchema>
export type Attention = z.output<typeof attentionSchema>
export type Setting = z.output<typeof settingSchema>
export type LocalServerState = z.output<typeof localServerStateSchema>
export type SettingForm = z.output<typeof settingFormSchema>
export type SettingsValues = CallOutput<'settings.get'>
export type SettingKey = keyof SettingsValues
export type CaptionJob = z.output<typeof captionJobSchema>
export type CaptionItem = z.output<typeof captionItemSchema>
export type CaptionSettings = CaptionJob['settings']
export type AnswerStats = z.output<typeof statsSchema>

/** What a window sees as `window.api`, in both shells. Calls reject with `{ code, message, hint }`. */
export interface WindowApi {
  call<N extends CallName>(name: N, input: CallInput<N>): Promise<CallOutput<N>>
  /** Returns a function that ends the subscription. */
  on<N extends EventName>(name: N, listener: (payload: EventPayload<N>) => void): () => void
}
