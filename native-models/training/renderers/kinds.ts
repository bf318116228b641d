import { barChart } from './bar-chart.ts';
import { dialog } from './dialog.ts';
import { emoji } from './emoji.ts';
import { form } from './form.ts';
import type { Kind } from './kind.ts';
import { shapes } from './shapes.ts';
import { writtenText } from './written-text.ts';

/** Every kind of sample with its weight in a shard. */
export const KINDS: Record<string, { draw: Kind; weight: number }> = {
  dialog: { draw: dialog, weight: 5 },
  form: { draw: form, weight: 5 },
  'bar-chart': { draw: barChart, weight: 4 },
  shapes: { draw: shapes, weight: 4 },
  emoji: { draw: emoji, weight: 3 },
  word: { draw: writtenText, weight: 3 },
};
