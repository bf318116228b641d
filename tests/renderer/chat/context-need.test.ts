import { expect, it } from 'vitest'
import { contextNeed } from '../../../src-renderer/chat/context-need.ts'
import { readyModel } from '../memory-shell.ts'

it('counts pictures exactly and says how many fit', () => {
  // 512 rows, 65 a picture, 48 around the question.
  expect(contextNeed(readyModel, '', 7)).toEqual({ rows: 503, contextRows: 512, mostPictures: 7, fits: true })
  expect(contextNeed(readyModel, '', 8)).toMatchObject({ mostPictures: 7, fits: false })
})

it('lets text take its share, any letter outside of Latin a whole row', () => {
  expect(contextNeed(readyModel, 'word '.repeat(80), 6)).toMatchObject({ mostPictures: 5, fits: false })
  expect(contextNeed(readyModel, '图'.repeat(400), 1)).toMatchObject({ mostPictures: 0, fits: false })
})

it('says nothing while no model is ready', () => {
  expect(contextNeed({ state: 'none' }, '', 9)).toBeUndefined()
})
