import { barChart } from './bar-chart.ts'
import { clip } from './clip.ts'
import { dialog } from './dialog.ts'
import { emoji } from './emoji.ts'
import { form } from './form.ts'
import { icon, toolbar } from './icon.ts'
import type { Kind } from './kind.ts'
import { lineChart } from './line-chart.ts'
import { listWindow } from './list-window.ts'
import { menuWindow } from './menu-window.ts'
import { pieChart } from './pie-chart.ts'
import { progressDialog } from './progress-dialog.ts'
import { severalPictures } from './several-pictures.ts'
import { shapes } from './shapes.ts'
import { tabbedWindow } from './tabbed-window.ts'
import { table } from './table.ts'
import { writtenText } from './written-text.ts'

/** Every kind of sample with its weight in a shard. */
export const KINDS: Record<string, { draw: Kind; weight: number }> = {
  dialog: { draw: dialog, weight: 10 },
  form: { draw: form, weight: 10 },
  'tabbed-window': { draw: tabbedWindow, weight: 5 },
  'list-window': { draw: listWindow, weight: 4 },
  'menu-window': { draw: menuWindow, weight: 4 },
  table: { draw: table, weight: 4 },
  'progress-dialog': { draw: progressDialog, weight: 2 },
  'bar-chart': { draw: barChart, weight: 5 },
  'pie-chart': { draw: pieChart, weight: 4 },
  'line-chart': { draw: lineChart, weight: 3 },
  shapes: { draw: shapes, weight: 7 },
  emoji: { draw: emoji, weight: 6 },
  icon: { draw: icon, weight: 3 },
  toolbar: { draw: toolbar, weight: 3 },
  word: { draw: writtenText, weight: 5 },
  'several-pictures': { draw: severalPictures, weight: 3 },
  clip: { draw: clip, weight: 4 },
}
