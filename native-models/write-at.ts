import type { FileHandle } from 'node:fs/promises'

/**
 * Writes all bytes at a place of a file. A short write is no error of its own: it is what a disk that becomes full does
 * before the write that fails.
 * @param position in bytes from the file's beginning
 */
export async function writeAt(file: FileHandle, bytes: Uint8Array, position: number): Promise<void> {
  for (let done = 0; done < bytes.length; ) {
    done += (await file.write(bytes, done, bytes.length - done, position + done)).bytesWritten
  }
}
