import { describe, expect, it } from 'vitest'
import { VisualRowCache } from '../../../src-main/inference/visual-rows.ts'

const rows = (value: number) => new Float32Array(4).fill(value)

describe('visual row cache', () => {
  it('gives back what was put in, by hash', () => {
    const cache = new VisualRowCache()
    cache.set('a', rows(1))
    expect(cache.get('a')).toEqual(rows(1))
    expect(cache.get('b')).toBeUndefined()
  })

  it('lets the picture go that was unused for longest', () => {
    const cache = new VisualRowCache(2 * 16)
    cache.set('a', rows(1))
    cache.set('b', rows(2))
    cache.get('a')
    cache.set('c', rows(3))
    expect(['a', 'b', 'c'].map((hash) => cache.get(hash)?.[0])).toEqual([1, undefined, 3])
  })

  it('counts a picture once that is put in twice', () => {
    const cache = new VisualRowCache(2 * 16)
    cache.set('a', rows(1))
    cache.set('b', rows(2))
    cache.set('b', rows(4))
    expect([cache.get('a')?.[0], cache.get('b')?.[0]]).toEqual([1, 4])
  })

  it('keeps one picture even where the bound is smaller', () => {
    const cache = new VisualRowCache(1)
    cache.set('a', rows(1))
    expect(cache.get('a')).toEqual(rows(1))
  })
})
