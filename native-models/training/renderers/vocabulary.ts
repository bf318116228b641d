import { readFileSync } from 'node:fs'
import { MESSAGES, type ShownMessage } from './messages.ts'
import type { Random } from './random.ts'
import { isHeldOut, type Split } from './split.ts'

const TITLES = (
  'Settings|Warning|Error|Software Update|Sign In|Downloads|Printer|Network|Account|Files|Text Editor|Terminal|Calendar|' +
  'Mail|Music|Photos|Backup|Search|Display|Sound|Weather|Notes|Tasks|Security|Profile|Messages|Browser|Camera|Clock|' +
  'Contacts|Preferences|Options|Properties|Print|Save As|Open File|New Folder|Export|Import|Find and Replace|Page Setup|' +
  'Keyboard|Mouse|Language|Region|Date and Time|Power|Storage|Bluetooth|Notifications|Privacy|Users|Accessibility|' +
  'About|Help|Welcome|Setup|Installer|Disk Cleanup|Task Manager|System Monitor|Calculator|Dictionary|Maps|Store|' +
  'Image Viewer|Media Player|Recorder|Remote Desktop|Firewall|Updates|Certificates|Shortcuts|Templates|Dashboard|' +
  'Inbox|Invoice|Checkout|Survey|Feedback|Registration|Confirm|Confirmation|Information|Notice|Reminder|Question|' +
  'Unsaved Changes|Low Disk Space|Connection Lost|Add Account|Edit Profile|Advanced|General|Device Manager|Log In'
).split('|')

const BUTTONS = (
  'OK|Cancel|Save|Open|Close|Yes|No|Apply|Retry|Delete|Next|Back|Send|Help|Skip|Done|Log In|Edit|Copy|Print|Continue|' +
  'Abort|Ignore|Discard|Replace|Rename|Remove|Add|Create|Browse|Search|Find|Reset|Restore|Update|Install|Later|Restart|' +
  'Shut Down|Quit|Stop|Start|Pause|Submit|Accept|Decline|Agree|Allow|Deny|Block|Connect|Download|Upload|Share|Export|' +
  "Import|Refresh|Finish|Previous|Details|More|Options|Learn More|Sign Up|Sign In|Register|Confirm|Don't Save|Keep|Move|" +
  'Merge|Undo|Redo|View|Preview|Select|Choose|Change|Configure|Enable|Disable|Try Again|Not Now|Got It|Dismiss|Report|' +
  'Overwrite|Eject|Format|Scan|Pay|Buy|Book|Reply|Forward|Archive|Sync|Test|Run|Verify|Exit'
).split('|')

const OPTIONS = (
  'Wi-Fi|Sound|Dark mode|Updates|Location|Bluetooth|Alerts|Sync|Backup|Camera|Cookies|Privacy|Autosave|Spelling|Zoom|' +
  'Proxy|Airplane mode|Night light|Microphone|Notifications|Word wrap|Line numbers|Show grid|Read only|Hidden|Archive|' +
  'Match case|Whole word|Bold|Italic|Underline|Remember me|Keep me signed in|Auto start|Show toolbar|Show status bar|' +
  'Full screen|Vibrate|Mute|Loop|Shuffle|Subtitles|Encrypt|Compress|Overwrite|Recursive|Verbose|Landscape|Portrait|' +
  'Colour|Black and white|Double sided|Collate|Newsletter|Terms accepted|Gift wrap|Express|Standard|Small|Medium|Large|' +
  'Low|High|Normal|Never|Always|Daily|Weekly|Monthly|Manual|Automatic|Public|Private|Friends only|English|German|French|' +
  'Spanish|Fast|Balanced|Best quality|Power saver|Left|Right|Centre|Top|Bottom|Celsius|Fahrenheit|Metric|Imperial|' +
  'Debug|Release|Animations|Shadows|Smooth fonts|Tooltips|Touchpad|Mobile data|Hotspot|Roaming|Energy saver|Developer mode'
).split('|')

const FIELDS = (
  'Name|Email|City|Country|Phone|Address|Company|User name|First name|Last name|Street|Age|Date|Subject|File name|' +
  'Server|Port|Host|Folder|Title|Author|Artist|Album|Language|Width|Height|Quantity|Price|Code|Comment|Language code|' +
  'Room|Size|Format|Search|Replace|Version|Amount|Account|Category|Project|Team|Device|Domain|Nickname|Website|Region'
).split('|')

const CATEGORIES = [
  ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'],
  ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'],
  ['North', 'South', 'East', 'West'],
  ['Q1', 'Q2', 'Q3', 'Q4'],
  ['2019', '2020', '2021', '2022', '2023', '2024', '2025'],
  ['A', 'B', 'C', 'D', 'E', 'F'],
  ['Cats', 'Dogs', 'Birds', 'Fish', 'Cows', 'Pigs'],
  ['Tea', 'Coffee', 'Milk', 'Juice', 'Water', 'Wine'],
  ['Apples', 'Pears', 'Plums', 'Figs', 'Kiwis', 'Limes'],
  ['Rent', 'Food', 'Travel', 'Fun', 'Health', 'Tax'],
  ['Paris', 'Rome', 'Berlin', 'Oslo', 'Madrid', 'Vienna', 'Lima', 'Cairo'],
]

const MENUS =
  'File|Edit|View|Insert|Format|Tools|Help|Window|Search|Go|Bookmarks|History|Table|Image|Layer|Select|Run|Build|Debug|Options'.split(
    '|',
  )
const MENU_ITEMS = (
  'New|Open|Save|Save As|Print|Close|Undo|Redo|Cut|Copy|Paste|Delete|Find|Replace|Select All|Zoom In|Zoom Out|' +
  'Full Screen|Rename|Properties|Import|Export|Share|Duplicate|Refresh|About|Preferences|Quit|New Tab|New Window|Move To|Send To|Sort By|Group|Pin'
).split('|')
const TABS = (
  'General|Advanced|Security|Network|View|Edit|Privacy|Display|Sound|Power|Home|Insert|Layout|Review|Details|Files|' +
  'Users|Account|Plugins|Themes|Fonts|Colours|Keyboard|Mouse|Storage|History|Apps|Updates|About|Summary|Options|Tools|' +
  'Inbox|Sent|Drafts|Music|Photos|Videos|Logs|Tests|Build|Output|Search|Profile|Billing|Team'
).split('|')
const PLACES =
  'London|Paris|Berlin|Rome|Madrid|Oslo|Vienna|Dublin|Lisbon|Athens|Prague|Warsaw|Tokyo|Delhi|Cairo|Lima|Boston|Chicago|Denver|Seattle|Toronto|Sydney|Zurich|Helsinki'.split(
    '|',
  )
const PEOPLE =
  'Anna|Ben|Clara|David|Emma|Frank|Grace|Henry|Irene|Jack|Kate|Leo|Maria|Nina|Oscar|Paul|Rosa|Sam|Tina|Victor|Wendy|Yusuf|Zoe|Amir|Bea|Carlos|Dora|Elif|Felix|Gita'.split(
    '|',
  )
const EXTENSIONS = ['txt', 'pdf', 'png', 'jpg', 'doc', 'csv', 'zip', 'mp3', 'html', 'json']

const WORDS = readFileSync(new URL('./words.txt', import.meta.url), 'utf8')
  .trim()
  .split('\n')

/** Words a split may show. */
export function words(split: Split): string[] {
  return WORDS.filter((_, index) => isHeldOut(index) === (split === 'test'))
}

/** Upper-cases the first letter. */
export function capitalised(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1)
}

/** The texts that a split may draw from. Every list keeps a tenth back for the test split. */
export class Vocabulary {
  readonly split: Split
  private readonly allowed: string[]
  private readonly lists = new Map<readonly unknown[], readonly unknown[]>()

  constructor(split: Split) {
    this.split = split
    this.allowed = words(split)
  }

  word(random: Random): string {
    // The square favours common words; all of them appear.
    return this.allowed[Math.floor(random.next() ** 1.5 * this.allowed.length)] as string
  }

  /** One to three words, the first letter a capital. */
  phrase(random: Random, most = 3): string {
    const count = random.integer(1, most)
    return capitalised(Array.from({ length: count }, () => this.word(random)).join(' '))
  }

  title(random: Random): string {
    if (random.chance(0.45)) return this.from(random, TITLES)
    const count = random.integer(1, 2)
    return Array.from({ length: count }, () => capitalised(this.word(random))).join(' ')
  }

  /** `count` different button texts. */
  buttons(random: Random, count: number): string[] {
    return different(count, () => (random.chance(0.85) ? this.from(random, BUTTONS) : capitalised(this.word(random))))
  }

  /** `count` different option texts, as beside check boxes. */
  options(random: Random, count: number): string[] {
    return different(count, () => (random.chance(0.55) ? this.from(random, OPTIONS) : this.phrase(random, 2)))
  }

  /** `count` different field labels. */
  fields(random: Random, count: number): string[] {
    return different(count, () => (random.chance(0.75) ? this.from(random, FIELDS) : capitalised(this.word(random))))
  }

  /** `count` different tab texts. */
  tabs(random: Random, count: number): string[] {
    return different(count, () => (random.chance(0.65) ? this.from(random, TABS) : capitalised(this.word(random))))
  }

  menus(random: Random, count: number): string[] {
    return different(count, () => (random.chance(0.85) ? this.from(random, MENUS) : capitalised(this.word(random))))
  }

  menuItems(random: Random, count: number): string[] {
    return different(count, () => (random.chance(0.65) ? this.from(random, MENU_ITEMS) : this.phrase(random, 2)))
  }

  /** `count` different entries of a list, tree or table column. */
  items(random: Random, count: number): string[] {
    const kind = random.integer(0, 4)
    return different(count, () => {
      if (kind === 0) return this.fileName(random)
      if (kind === 1) return this.from(random, PEOPLE)
      if (kind === 2) return this.from(random, PLACES)
      return this.phrase(random, kind === 3 ? 1 : 2)
    })
  }

  /** What somebody typed into a field. */
  value(random: Random): string {
    switch (random.integer(0, 6)) {
      case 0:
        return String(random.integer(1, 9999))
      case 1:
        return this.from(random, PEOPLE)
      case 2:
        return this.from(random, PLACES)
      case 3:
        return `${this.word(random)}@${this.word(random)}.com`
      case 4:
        return this.fileName(random)
      default:
        return this.phrase(random, 2)
    }
  }

  fileName(random: Random): string {
    return `${this.word(random)}${random.chance(0.2) ? random.integer(1, 99) : ''}.${random.pick(EXTENSIONS)}`
  }

  /** What a dialog says; a quarter are words put together, for which there is no reason. */
  message(random: Random): ShownMessage {
    if (random.chance(0.25)) {
      const count = random.integer(3, 7)
      const text = Array.from({ length: count }, () => this.word(random)).join(' ')
      return { text: `${capitalised(text)}${random.pick(['.', '.', '?', '!'])}` }
    }
    const { text, why, advice } = this.from(random, MESSAGES)
    const named: Record<string, string> = {}
    const filled = text.replace(/\{([wfn])\}/g, (_, slot: string) => {
      named[slot] =
        slot === 'w' ? this.word(random) : slot === 'f' ? this.fileName(random) : String(random.integer(2, 99))
      return named[slot]
    })
    const told = (template: string) =>
      capitalised(template.replace(/\{([wfn])\}/g, (_, slot: string) => named[slot] ?? ''))
    return { text: capitalised(filled), why: told(why), advice: told(advice) }
  }

  /** `count` different names of bars, slices or points. */
  categories(random: Random, count: number): string[] {
    const family = random.pick(CATEGORIES)
    if (random.chance(0.3) || family.length < count) {
      const short = this.allowed.filter((word) => word.length <= 5)
      return different(count, () => capitalised(random.pick(short)))
    }
    return family[0] === 'Jan' || family[0] === 'Mon' || family[0] === '2019'
      ? consecutive(random, family, count)
      : random.sample(family, count)
  }

  private from<Item>(random: Random, list: readonly Item[]): Item {
    if (this.split === 'test' && random.chance(0.5)) return random.pick(this.heldOut(list, true))
    return random.pick(this.split === 'test' ? list : this.heldOut(list, false))
  }

  private heldOut<Item>(list: readonly Item[], held: boolean): readonly Item[] {
    if (held) return list.filter((_, index) => isHeldOut(index))
    let kept = this.lists.get(list) as readonly Item[] | undefined
    if (kept === undefined) {
      kept = list.filter((_, index) => !isHeldOut(index))
      this.lists.set(list, kept)
    }
    return kept
  }
}

/** "a, b and c". */
export function listed(items: readonly string[]): string {
  return items.length < 2 ? (items[0] ?? '') : `${items.slice(0, -1).join(', ')} and ${items.at(-1)}`
}

/** `count` texts that differ in more than case. */
function different(count: number, make: () => string): string[] {
  const made: string[] = []
  while (made.length < count) {
    const text = make()
    if (!made.some((other) => other.toLowerCase() === text.toLowerCase())) made.push(text)
  }
  return made
}

function consecutive(random: Random, family: readonly string[], count: number): string[] {
  const start = random.integer(0, family.length - count)
  return family.slice(start, start + count)
}
