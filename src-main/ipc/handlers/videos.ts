import type { VideoQuestions } from '../../core/videos/video-questions.ts'
import type { videoCalls } from '../contract/videos.ts'
import type { Handlers } from './handlers.ts'

export function videoHandlers(questions: VideoQuestions): Handlers<keyof typeof videoCalls> {
  return {
    'videos.ask': ({ requestId, turns }) => {
      questions.ask(requestId, turns)
      return {}
    },
    'videos.prepare': async ({ frames }) => {
      await questions.prepare(frames)
      return {}
    },
    'videos.read': async ({ requestId, frames }) => ({ texts: await questions.read(requestId, frames) }),
    'videos.stop': ({ requestId }) => {
      questions.stop(requestId)
      return {}
    },
  }
}
