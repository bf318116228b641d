import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import sharp from 'sharp'

const colours = ['#d33', '#3a3', '#36c', '#e90', '#939', '#099']
const words = ['Save', 'Discard', 'Retry', 'Open', 'Remove', 'Print', 'Send', 'Update']

/** Writes pictures of small dialogs into a folder, no two alike. @param first number of the first of them */
export async function writeDialogs(folder: string, count: number, first: number): Promise<void> {
  await mkdir(folder, { recursive: true })
  for (let n = first; n < first + count; n++) {
    const word = words[n % words.length]
    const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="480" height="320">
      <rect width="480" height="320" fill="${colours[n % colours.length]}"/>
      <rect x="60" y="60" width="360" height="200" rx="10" fill="#fff"/>
      <text x="84" y="108" font-size="24" font-family="sans-serif">${word} document ${n}?</text>
      <rect x="${90 + (n % 5) * 30}" y="190" width="150" height="44" rx="6" fill="#36c"/>
      <text x="${110 + (n % 5) * 30}" y="220" font-size="20" fill="#fff" font-family="sans-serif">${word}</text></svg>`
    await writeFile(join(folder, `${n - first}.png`), await sharp(Buffer.from(svg)).png().toBuffer())
  }
}
