import open from 'open'
import type { Assistant } from '../../core/assistant.ts'
import { catalogue } from '../../core/model-catalogue.ts'
import { hubToken } from '../../core/secret-store.ts'
import type { modelCalls } from '../contract/models.ts'
import type { Emit, Handlers } from './handlers.ts'

/** Progress is told at most so often. */
const tellEveryMs = 250

export function modelHandlers(
  { library, models, installs, care, secrets }: Assistant,
  emit: Emit,
): Handlers<keyof typeof modelCalls> {
  return {
    'models.list': () => library.list(),
    'models.state': () => models.state,
    'models.load': ({ name, ...job }) => models.load(name, job),
    'models.catalogue': () => [...catalogue],
    'models.installs': () => installs.states(),
    'models.plan': (wish) => installs.plan(wish),
    'models.install': async (wish) => {
      const { name } = await installs.add(wish)
      installs.start(name)
      return { name }
    },
    'models.pause': async ({ name }) => {
      await installs.pause(name)
      return {}
    },
    'models.resume': ({ name }) => {
      installs.start(name)
      return {}
    },
    'models.cancel': async ({ name }) => {
      await installs.cancel(name)
      return {}
    },
    'models.verify': ({ name }) => {
      let told = 0
      return care.verify(name, {
        onProgress(progress) {
          if (performance.now() - told < tellEveryMs) return
          told = performance.now()
          emit('models.verifying', { name, ...progress })
        },
      })
    },
    'models.repair': async ({ name }) => {
      await installs.noteRepair(await library.manifest(name))
      installs.start(name)
      return {}
    },
    'models.remove': async ({ name }) => {
      await care.remove(name)
      return {}
    },
    'models.setDevice': async ({ name, device }) => {
      await care.setDevice(name, device)
      return {}
    },
    'models.openFolder': async ({ name }) => {
      await open(await library.folder(name))
      return {}
    },
    'models.export': async ({ name, folder }) => ({ folder: await care.export(name, folder) }),
    'models.import': async ({ folder }) => ({ name: (await care.import(folder)).name }),
    'models.hasToken': async () => ({ hasToken: (await secrets.read(hubToken)) !== undefined }),
    'models.setToken': async ({ token }) => {
      await secrets.write(hubToken, token)
      return {}
    },
  }
}

/** Tells a window about installations, at most some times a second. Returns a function that ends it. */
export function tellInstalls({ installs }: Assistant, emit: Emit): () => void {
  let timer: NodeJS.Timeout | undefined
  const tell = () => {
    timer = undefined
    installs.states().then(
      (states) => emit('models.installing', states),
      () => {},
    )
  }
  const end = installs.onChange(() => {
    timer ??= setTimeout(tell, tellEveryMs)
  })
  return () => {
    clearTimeout(timer)
    end()
  }
}
