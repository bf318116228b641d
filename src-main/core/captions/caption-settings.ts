import { isAbsolute } from 'node:path'
import { z } from 'zod'
import { checkTemplate } from './caption-template.ts'

/** `text` asks no model: the caption is what is written in the picture. */
export const captionStyles = ['sentence', 'short', 'detailed', 'tags', 'text'] as const
export type CaptionStyle = (typeof captionStyles)[number]

type CaptionPrompts = Record<Exclude<CaptionStyle, 'text'>, string>

/** The first is the published model's own. */
const publishedPrompts: CaptionPrompts = {
  sentence: 'Provide a one-sentence caption for the provided image.',
  short: 'Describe the image in a few words.',
  detailed: 'Describe the image in detail.',
  tags: 'List what the image shows as short tags, separated by commas.',
}

/** Owl Mini was trained with these; of words that it does not know it takes some for what is in the picture. */
const owlMiniPrompts: CaptionPrompts = {
  ...publishedPrompts,
  sentence: 'Summarise the picture in a sentence.',
  short: 'Give a short description.',
  detailed: 'Describe the picture.',
}

/** What a model is asked where the person writes no prompt. */
export function captionPrompts(model: string | undefined): CaptionPrompts {
  return model === 'owl-mini' ? owlMiniPrompts : publishedPrompts
}

const template = z
  .string()
  .max(4000)
  .superRefine((text, context) => {
    const problem = checkTemplate(text)
    if (problem) context.addIssue({ code: 'custom', message: problem })
  })

export const captionOutputKinds = ['sidecar', 'jsonl', 'csv', 'imagefolder'] as const

/** How a folder is captioned. Kept with its job, so that a job goes on as it began. */
export const captionSettingsSchema = z.object({
  style: z.enum(captionStyles).default('sentence'),
  /** A template; empty takes the style's own. */
  prompt: template.default(''),
  /** Whether the model is given what is written in the picture, as with a question about it, where it can be read. */
  withText: z.boolean().default(true),
  /** Templates put around each caption. */
  prefix: template.default(''),
  suffix: template.default(''),
  /** Most words of a caption, or most tags; 0 leaves it to the model. */
  length: z.number().int().min(0).max(1000).default(0),
  /** Words and phrases that no caption holds. */
  forbidden: z.array(z.string().trim().min(1).max(200)).max(500).default([]),
  /** What becomes of a caption that is there already. */
  existing: z.enum(['skip', 'overwrite', 'append', 'prepend']).default('skip'),
  output: z.enum(captionOutputKinds).default('sidecar'),
  /** Absolute path of the table; empty puts one into each captioned folder. */
  table: z
    .string()
    .max(4096)
    .refine((path) => path === '' || isAbsolute(path), 'an absolute path')
    .default(''),
  /** Ending of sidecar files. */
  extension: z
    .string()
    .regex(/^\.[\p{L}\p{N}][\p{L}\p{N}._-]{0,19}$/u, 'an ending such as .txt')
    .default('.txt'),
  /** Whether folders inside of the folder are captioned too. */
  recursive: z.boolean().default(true),
  /** What becomes of videos: left out, one caption each, or one for each scene with its times. */
  videos: z.enum(['leave-out', 'whole', 'scenes']).default('leave-out'),
  maxTokens: z.number().int().min(1).max(4096).default(256),
})

export type CaptionSettings = z.output<typeof captionSettingsSchema>

/** Absolute paths of folders and files to be captioned. */
export const captionSourcesSchema = z
  .array(z.string().min(1).max(4096).refine(isAbsolute, 'an absolute path'))
  .min(1)
  .max(1000)
