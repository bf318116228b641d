import { describe, expect, it } from 'vitest'
import { commonPrefix, mergeSegments, PictureNumbers, takeChunk } from '../../../src-main/inference/merged-sequence.ts'
import type { PictureInput } from '../../../src-main/inference/protocol.ts'

const picture = (hash: string): PictureInput => ({ hash, name: `${hash}.png`, source: { path: `/${hash}.png` } })
const text = (...ids: number[]) => ({ kind: 'text' as const, ids })
const seen = (hash: string) => ({ kind: 'picture' as const, picture: picture(hash) })

const width = 2
/** Visual rows of a picture: [number of the picture, row]. */
const visualRows = (number: number, rows: number) =>
  Float32Array.from({ length: rows * width }, (_, i) => (i % width === 0 ? number : Math.floor(i / width)))

describe('merged sequence', () => {
  it('puts the rows of each picture where it stands', () => {
    const merged = mergeSegments([text(1, 5), seen('a'), seen('b'), text(6), seen('a')], 3, new PictureNumbers())
    expect(merged.rows).toEqual([1, 5, -1, -1, -1, -2, -2, -2, 6, -1, -1, -1])
    expect(merged.pictures.map(({ picture, start }) => [picture.hash, start])).toEqual([
      ['a', 2],
      ['b', 5],
      ['a', 9],
    ])
    expect(merged.visualRows).toBe(9)
  })

  it('tells pictures apart by their content', () => {
    const numbers = new PictureNumbers()
    const first = mergeSegments([text(1), seen('a'), text(2)], 3, numbers)
    const second = mergeSegments([text(1), seen('b'), text(2)], 3, numbers)
    const third = mergeSegments([text(1), seen('a'), text(3)], 3, numbers)
    expect(commonPrefix(first.rows, second.rows)).toBe(1)
    expect(commonPrefix(first.rows, third.rows)).toBe(4)
  })

  it.each([1, 2, 3, 4, 5, 7, 100])('gives text rows first, then visual rows, in chunks of %i', (size) => {
    const merged = mergeSegments(
      [text(1), seen('a'), seen('a'), text(7, 8), seen('b'), text(9)],
      3,
      new PictureNumbers(),
    )
    const encoded = [visualRows(10, 3), visualRows(11, 3), visualRows(12, 3)]
    const visualAt = (position: number) => {
      const index = merged.pictures.findLastIndex(({ start }) => start <= position)
      return [10 + index, position - merged.pictures[index]!.start]
    }
    for (let start = 0; start < merged.rows.length; start += size) {
      const end = Math.min(start + size, merged.rows.length)
      const chunk = takeChunk(merged, start, end, width, (index) => encoded[index]!)
      const positions = [...chunk.positions].map(Number)
      expect([...positions].sort((a, b) => a - b)).toEqual(positions.map((_, i) => start + i))
      const textCount = chunk.textIds.length
      expect(positions.slice(0, textCount).map((position) => merged.rows[position])).toEqual(
        [...chunk.textIds].map(Number),
      )
      for (const [row, position] of positions.slice(textCount).entries()) {
        expect([...chunk.visualRows.slice(row * width, (row + 1) * width)]).toEqual(visualAt(position))
      }
      const order = chunk.order ? [...chunk.order] : positions.map((_, i) => i)
      expect(order.map((row) => positions[row])).toEqual(positions.map((_, i) => start + i))
    }
  })
})
