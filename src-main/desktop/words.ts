const en = {
  show: 'Show Owl',
  capture: { region: 'Ask about a part of the screen', window: 'Ask about a window', screen: 'Ask about the screen' },
  quit: 'Quit Owl',
  view: 'View',
  help: 'Help',
  checkForUpdates: 'Check for updates…',
  updates: {
    none: 'This is the newest version.',
    unavailable: 'This copy of Owl does not know where new versions are announced.',
    failed: 'Could not look for a new version',
    found: (version: string) => `Owl ${version} is there.`,
    foundDetail: 'Chats, pictures, models and settings stay as they are.',
    download: 'Download',
    notDownloaded: 'Could not download the new version',
    ready: (version: string) => `Owl ${version} is downloaded.`,
    restart: 'Install and restart',
    later: 'Later',
  },
  refused: (name: string) => `${name} was not opened`,
  shortcutTaken: (keys: string) => `Another program uses ${keys}.`,
}

export type ShellWords = typeof en

const zh: ShellWords = {
  show: '显示 Owl',
  capture: { region: '询问屏幕的一部分', window: '询问一个窗口', screen: '询问整个屏幕' },
  quit: '退出 Owl',
  view: '视图',
  help: '帮助',
  checkForUpdates: '检查更新…',
  updates: {
    none: '已是最新版本。',
    unavailable: '此版本的 Owl 不知道在哪里查找新版本。',
    failed: '无法检查新版本',
    found: (version) => `有新版本 Owl ${version}。`,
    foundDetail: '对话、图片、模型和设置都保持不变。',
    download: '下载',
    notDownloaded: '无法下载新版本',
    ready: (version) => `Owl ${version} 已下载。`,
    restart: '安装并重新启动',
    later: '以后再说',
  },
  refused: (name) => `未能打开 ${name}`,
  shortcutTaken: (keys) => `${keys} 已被其他程序占用。`,
}

export type ShellLanguage = 'en' | 'zh'

/** Words of menus, tray and dialogs, which the system shows. */
export const shellWords: Record<ShellLanguage, ShellWords> = { en, zh }

/** @param chosen the setting; @param system the system's language tag */
export function shellLanguage(chosen: 'system' | ShellLanguage, system: string): ShellLanguage {
  if (chosen !== 'system') return chosen
  return system.toLowerCase().startsWith('zh') ? 'zh' : 'en'
}
