// Run as a process of its own, which may write no large files: downloads and prints what it is told.
import { type DownloadRequest, downloadRepository } from '../../../../native-models/install/hub/download.ts'
import { HubConnection } from '../../../../native-models/install/hub/hub-request.ts'
import { OwlError } from '../../../../native-models/owl-error.ts'

const { endpoint, ...request } = JSON.parse(process.argv[2]!) as Omit<DownloadRequest, 'hub'> & { endpoint: string }
await downloadRepository({ ...request, hub: new HubConnection({ endpoint }) }).catch((error: unknown) => {
  process.stdout.write(JSON.stringify(OwlError.from(error).toMessage()))
  process.exit(0)
})
