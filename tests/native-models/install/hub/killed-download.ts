// Run as a process of its own: downloads and kills itself, without a chance to tidy up, once so many bytes are noted.
import { readFileSync } from 'node:fs'
import { type DownloadRequest, downloadRepository } from '../../../../native-models/install/hub/download.ts'
import { HubConnection } from '../../../../native-models/install/hub/hub-request.ts'

const [{ endpoint, ...request }, killAt] = JSON.parse(process.argv[2]!) as [
  Omit<DownloadRequest, 'hub'> & { endpoint: string },
  number,
]
await downloadRepository(
  { ...request, hub: new HubConnection({ endpoint }) },
  {
    onProgress({ done }) {
      if (done < killAt) return
      const { files } = JSON.parse(readFileSync(request.recordPath, 'utf8')) as {
        files: { isWhole: boolean; bytes: number; parts: { done: number }[] }[]
      }
      const noted = files.flatMap(({ parts }) => parts).reduce((sum, part) => sum + part.done, 0)
      if (noted >= killAt) process.kill(process.pid, 'SIGKILL')
    },
  },
)
