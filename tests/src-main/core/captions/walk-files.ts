/** Counts what a walk finds: `walk-files.ts FOLDER`; in a process of its own, whose memory can be bounded. */
import { walkMedia } from '../../../../src-main/core/captions/media-walk.ts'

let found = 0
for await (const _ of walkMedia([process.argv[2]!], { recursive: true, videos: false })) found++
console.log(found)
