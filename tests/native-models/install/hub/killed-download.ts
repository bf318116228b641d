// Run as a process of its own: downloads and kills itself, without a chance to tidy up, once so many bytes are there.
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
      // Later than the note of what is done, as most kills are.
      if (done >= killAt) setTimeout(() => process.kill(process.pid, 'SIGKILL'), 0)
    },
  },
)
