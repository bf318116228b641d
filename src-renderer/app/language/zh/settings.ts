import type { Text } from '../en.ts'

const items: Text['settings']['items'] = {
  'appearance.theme': {
    title: '主题',
    detail: '窗口的颜色。',
    options: { system: '跟随系统', light: '浅色', dark: '深色' },
  },
  'appearance.language': {
    title: '界面语言',
    detail: '窗口所用的语言。模型会用提问的语言回答。',
    options: { system: '跟随系统', en: '英文 English', zh: '简体中文' },
  },
  'appearance.textSize': {
    title: '文字大小',
    detail: '窗口中的一切都随之缩放。',
    options: { 90: '九成', 100: '标准', 115: '稍大', 130: '较大', 150: '大', 200: '两倍' },
  },
  'appearance.motion': {
    title: '动画',
    detail: '这里没有任何内容必须靠动画才能理解。',
    options: { system: '跟随系统', reduced: '关闭' },
  },
  'chat.sendKey': {
    title: '提问键',
    detail: '另一个键用来换行。',
    options: { enter: '回车', 'command-enter': 'Ctrl+回车' },
  },
  'chat.answerFooter': { title: '回答下方的数据', detail: '用一行小字显示速度、首词时间、上下文占用和设备。' },
  'reading.inAnswers': {
    title: '将图片中的文字交给模型',
    detail: '文字在本机以原始大小读取。“自动”只给出有把握的文字，最多占上下文的四分之一。',
    options: { automatic: '自动', on: '总是', off: '从不' },
  },
  'reading.rows': {
    title: '图片文字最多占用的行数',
    detail: '一行约为三个字母；从第一行文字起，放得下多少就给多少。',
  },
  'chat.presets': { title: '预设', detail: '对话选项的命名组合。' },
  'chat.newChatPreset': { title: '新对话的预设', detail: '新对话以它开始。' },
  'chat.highlightCode': { title: '代码着色', detail: '用颜色区分代码中的关键字、字符串和注释。' },
  'desktop.captureShortcut': { title: '截屏快捷键', detail: '在任何程序中都可用：屏幕的一部分会直接放入问题中。' },
  'desktop.tray': { title: '在系统托盘显示 Owl', detail: '可从那里截屏或打开窗口。' },
  'desktop.stayInTray': { title: '关闭窗口后留在托盘', detail: '模型保持加载，下一个回答可立即开始。' },
  'desktop.checkForUpdates': {
    title: '启动时检查新版本',
    detail: '这是 Owl 唯一会自行访问网络的事情。未经你同意不会安装任何东西。',
  },
}

export const settings: Text['settings'] = {
  search: '搜索设置',
  nothingFound: (words) => `没有与“${words}”有关的设置。`,
  domains: {
    appearance: '外观',
    chat: '聊天',
    reading: '图片中的文字',
    desktop: '桌面',
    logs: '日志',
    data: '数据',
  },
  sections: '分类',
  reset: (title) => `将“${title}”恢复为默认值`,
  resetAll: '重置所有设置',
  resetQuestion: '将所有设置恢复为默认值？对话、图片和模型会保留。',
  atNextStart: '下次启动时生效。',
  byDefault: (value) => `默认：${value}`,
  on: '开',
  off: '关',
  nothing: '无',
  log: {
    title: '日志',
    detail: '事件与错误代码，可附在报告中。其中没有问题、回答、图片或文件名。',
    show: '显示日志',
    copy: '复制日志',
    empty: '尚无内容。',
  },
  folder: {
    title: '数据文件夹',
    detail: '对话、图片、设置和已安装的模型都在其中，不在别处。',
    copy: '复制路径',
    target: '新的空文件夹的路径',
    browse: '浏览',
    move: '移动',
    moving: '正在移动数据文件夹',
    copied: (percent) => `已复制并比对 ${percent} %`,
    atNextStart: (to) => `下次启动时数据将位于 ${to}。旧文件夹中的内容会保留。`,
    stay: '仍留在这里',
    failed: (to) => `未能完成移到 ${to}；数据仍在原处。`,
  },
  items,
}
