import { z } from 'zod'
import { greedy, type SamplingOptions } from '../inference/protocol.ts'
import { Refusal } from './refusal.ts'

const textPart = z.object({ type: z.literal('text'), text: z.string() })
const picturePart = z.object({ type: z.literal('image_url'), image_url: z.object({ url: z.string() }) })

/** Content as a list of parts, however it came: OpenAI takes a text alone as well. */
function content<Part extends z.ZodType>(part: Part) {
  const parts = (given: unknown) => (typeof given === 'string' ? [{ type: 'text', text: given }] : given)
  return z.preprocess(parts, z.array(part))
}

const textOnly = content(z.object({ ...textPart.shape, type: z.literal('text', 'only text is taken here') }))
const noTools = z.array(z.unknown()).max(0, 'tools are not supported').nullish()

const messageSchema = z.discriminatedUnion(
  'role',
  [
    z.object({ role: z.enum(['system', 'developer']), content: textOnly }),
    z.object({
      role: z.literal('user'),
      content: content(
        z.discriminatedUnion('type', [textPart, picturePart], 'only parts of type text and image_url are taken'),
      ),
    }),
    z.object({
      role: z.literal('assistant'),
      content: z.preprocess((given) => given ?? '', textOnly),
      tool_calls: noTools,
    }),
  ],
  'only system, developer, user and assistant are taken; there are no tools',
)

export type ChatMessage = z.output<typeof messageSchema>

/**
 * What a request may hold. Unknown fields are ignored; those that would change the answer and cannot be had are refused
 * unless they ask for nothing.
 */
const requestSchema = z.object({
  model: z.string().nullish(),
  messages: z
    .array(messageSchema)
    .refine((messages) => messages.some(({ role }) => role === 'user'), 'there is no message of the user'),
  stream: z.boolean().nullish(),
  stream_options: z.object({ include_usage: z.boolean().nullish() }).nullish(),
  max_tokens: z.number().int().min(1).nullish(),
  max_completion_tokens: z.number().int().min(1).nullish(),
  temperature: z.number().min(0).max(2).nullish(),
  top_p: z.number().min(0).max(1).nullish(),
  seed: z.number().int().nullish(),
  stop: z.preprocess((given) => (typeof given === 'string' ? [given] : given), z.array(z.string()).max(16).nullish()),
  n: z.literal(1, 'one answer a request is given').nullish(),
  tools: noTools,
  functions: noTools,
  response_format: z
    .object({ type: z.literal('text', 'answers are free text: neither JSON mode nor a schema is supported') })
    .nullish(),
  modalities: z.array(z.literal('text', 'answers are text only')).nullish(),
  audio: z.null('answers are text only').optional(),
  logprobs: z.literal(false, 'probabilities of tokens are not given').nullish(),
  logit_bias: z.strictObject({}, 'a bias of tokens is not supported').nullish(),
  frequency_penalty: z.literal(0, 'this penalty is not supported').nullish(),
  presence_penalty: z.literal(0, 'this penalty is not supported').nullish(),
})

export type ChatRequest = z.output<typeof requestSchema>

/** @throws Refusal with the first part of it that is wrong */
export function readChatRequest(body: unknown): ChatRequest {
  const parsed = requestSchema.safeParse(body)
  if (parsed.success) return parsed.data
  const { path, message } = parsed.error.issues[0]!
  const param = path.reduce<string>(
    (before, step) =>
      typeof step === 'number' ? `${before}[${step}]` : before ? `${before}.${String(step)}` : String(step),
    '',
  )
  throw new Refusal(400, 'request-invalid', `${param || 'The request'}: ${message}.`, { param: param || undefined })
}

/** The window's own defaults where nothing is asked for: the most probable token, and up to 512 of them. */
export function samplingOf(request: ChatRequest): SamplingOptions {
  return {
    ...greedy,
    temperature: request.temperature ?? greedy.temperature,
    // 0 leaves the most probable token, as the smallest number does.
    topP: Math.max(request.top_p ?? greedy.topP, Number.MIN_VALUE),
    seed: request.seed ?? undefined,
    maxTokens: request.max_completion_tokens ?? request.max_tokens ?? greedy.maxTokens,
    stopTexts: request.stop ?? [],
  }
}
