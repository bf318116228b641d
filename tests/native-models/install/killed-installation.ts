// Run as a process of its own: installs a model and kills itself, without a chance to tidy up, at one event of progress.
import { type InstallRequest, installModel } from '../../../native-models/install/install-model.ts'

const [request, killAt] = JSON.parse(process.argv[2]!) as [InstallRequest, number]
let events = 0
await installModel(request, {
  onProgress() {
    if (events++ === killAt) process.kill(process.pid, 'SIGKILL')
  },
})
console.log(events)
