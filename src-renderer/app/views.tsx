import { type ComponentType, lazy } from 'react'
import { CaptionJobs } from '../captions/caption-jobs.tsx'
import { ChatActions } from '../chat/chat-actions.tsx'
import { ChatView } from '../chat/chat-view.tsx'
import type { IconName } from '../components/icon.tsx'
import { HistoryPanel } from '../history/history-panel.tsx'
import type { ViewName } from './navigation-slice.ts'

export interface View {
  name: ViewName
  icon: IconName
  /** Its main part. All but the chat come with a chunk of their own. */
  Panel: ComponentType
  /** A list left of it, such as the chats. */
  Side?: ComponentType
  /** What the right end of the header offers in it. */
  Actions?: ComponentType
}

/** The views of the window, in the order of the rail. */
export const views: readonly View[] = [
  { name: 'chat', icon: 'chat', Panel: ChatView, Side: HistoryPanel, Actions: ChatActions },
  {
    name: 'captions',
    icon: 'captions',
    Panel: lazy(() => import('../captions/captions-view.tsx')),
    Side: CaptionJobs,
  },
  { name: 'video', icon: 'video', Panel: lazy(() => import('../video/video-view.tsx')) },
  { name: 'models', icon: 'models', Panel: lazy(() => import('../models/models-view.tsx')) },
  { name: 'settings', icon: 'settings', Panel: lazy(() => import('../settings/settings-view.tsx')) },
]

/** The view of this name; the chat where there is none (yet). */
export function viewNamed(name: ViewName): View {
  return views.find((view) => view.name === name) ?? views[0]!
}
