import { version } from '../../package.json'

export const appInfo = { name: 'Owl Desktop', version }
