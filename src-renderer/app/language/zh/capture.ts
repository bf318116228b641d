import type { Text } from '../en.ts'

export const capture: Text['capture'] = {
  regionKeys: '画出要看的部分。方向键移动，Shift+方向键调整大小，回车截取，Esc 取消。',
  windowKeys: '选择一个。Esc 取消。',
}
