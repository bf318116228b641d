import { describe, expect, it } from 'vitest'
import { pastedPictures } from '../../../src-renderer/chat/pasted-pictures.ts'

const png = (name: string) => new File(['x'], name, { type: 'image/png' })

function paste(files: File[], text = '') {
  const clipboard = {
    files: files as unknown as FileList,
    getData: (type: string) => (type === 'text/plain' ? text : ''),
  }
  const { pictures, besideText } = pastedPictures(clipboard, 'pasted.png')
  const names = (files: File[]) => files.map(({ name }) => name)
  return besideText.length > 0 ? { besideText: names(besideText) } : names(pictures)
}

describe('pastedPictures', () => {
  it('takes a screen capture and gives it a name', () => {
    expect(paste([png('image.png')])).toEqual(['pasted.png'])
  })

  it('leaves text alone, and only offers a picture that an office program puts next to it', () => {
    expect(paste([], 'some words')).toEqual([])
    expect(paste([png('image.png')], 'A1\tB1\nA2\tB2')).toEqual({ besideText: ['pasted.png'] })
  })

  it('takes copied files although their names come along as text', () => {
    const files = [png('one.png'), png('two words.png')]
    expect(paste(files, 'one.png\ntwo words.png')).toEqual(['one.png', 'two words.png'])
    expect(paste(files, '/home/me/one.png\r\n/home/me/two words.png')).toEqual(['one.png', 'two words.png'])
    expect(paste(files, 'file:///home/me/one.png\nfile:///home/me/two%20words.png')).toHaveLength(2)
    expect(paste(files, 'file:///broken%')).toEqual({ besideText: ['one.png', 'two words.png'] })
  })

  it('takes no files that are no pictures', () => {
    expect(paste([new File(['x'], 'notes.txt', { type: 'text/plain' })])).toEqual([])
  })
})
