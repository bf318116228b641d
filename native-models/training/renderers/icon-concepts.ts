import { hasIcon } from './emoji-pictures.ts'
import type { Split } from './split.ts'

const TRAINING_SETS = ['lucide', 'tabler', 'material-symbols'] as const
const HELD_OUT_SET = 'ph'

/** Answer and other accepted names, then after the colon the icon names of the sets. */
const CONCEPTS = `
magnifying glass|search|magnifier: search magnifying-glass
house|home: house home
gear|settings|cog: settings gear
person|user|account: user person
envelope|mail|email|letter: mail envelope
phone|telephone|call: phone call
camera|photo: camera photo-camera
bin|trash|trash can|delete: trash delete
pencil|edit|pen: pencil edit
folder|directory: folder
document|file|page: file description
floppy disk|save|disk: save device-floppy floppy-disk
printer|print: printer print
padlock|lock: lock
key|password: key vpn-key
bell|notification|notifications|alarm: bell notifications
calendar|date: calendar calendar-month
clock|time: clock schedule
star|favourite: star
heart|favourite|like|love: heart favorite
cloud|weather: cloud
sun|light|brightness: sun light-mode
moon|night|crescent: moon dark-mode
flag: flag
bookmark: bookmark
tag|label|price tag: tag label
picture|image|photo: image photo
note|music|musical note: music music-note
film camera|video|video camera: video videocam video-camera
microphone|mic: microphone mic
loudspeaker|speaker|sound|volume: volume-2 volume volume-up speaker-high
play|triangle: play player-play play-arrow
pause: pause player-pause
download|arrow down: download
upload|arrow up: upload
chain|link: link
globe|world|internet|web: globe world language
map: map map-trifold
pin|location|map pin: map-pin location-on
car: car directions-car
aeroplane|airplane|plane|flight: plane flight airplane
lorry|truck|delivery: truck local-shipping
train: train
bus: bus directions-bus
bicycle|bike: bike pedal-bike bicycle
book: book
shopping cart|cart|trolley: shopping-cart
gift|present|parcel: gift featured-seasonal-and-gifts
credit card|card|bank card: credit-card
coffee|cup|mug: coffee
eye|view|visible: eye visibility
thumbs up|like|thumb: thumb-up thumbs-up
speech bubble|chat|message: message-circle chat chat-circle
paper plane|send: send paper-plane-tilt
paper clip|attachment|clip: paperclip attach-file
scissors|cut: scissors content-cut
copy|two pages|duplicate: copy content-copy
clipboard|paste: clipboard content-paste
refresh|reload|arrows: refresh arrows-clockwise refresh-cw
plus|add: plus add
minus|remove: minus remove
cross|close|x: x close
tick|check|check mark: check
funnel|filter: funnel filter filter-alt
database|cylinder: database
wireless|wifi|wi-fi: wifi wifi-high
bluetooth: bluetooth
battery: battery battery-full battery-android-full
monitor|screen|display|desktop: monitor device-desktop desktop-windows
mobile phone|smartphone|mobile|phone: smartphone device-mobile
keyboard: keyboard
mouse: mouse
headphones|headset: headphones
light bulb|bulb|idea: lightbulb bulb
umbrella: umbrella
leaf: leaf eco
flame|fire: flame local-fire-department
snowflake|snow: snowflake
rocket: rocket rocket-launch
shield|security: shield
bug|insect|beetle: bug bug-report
code|brackets: code
command line|terminal|prompt: terminal
calculator: calculator calculate
palette|colours: palette
ruler: ruler straighten
spanner|wrench: wrench build tool
anchor: anchor
trophy|cup: trophy
jigsaw piece|puzzle|puzzle piece|extension: puzzle extension puzzle-piece
pie chart: chart-pie pie-chart
bar chart: chart-bar bar-chart
bed: bed
bathtub|bath: bath bathtub
arrow up|up|up arrow: arrow-up arrow-upward
arrow down|down|down arrow: arrow-down arrow-downward
arrow left|left|back|left arrow: arrow-left arrow-back
arrow right|right|forward|right arrow: arrow-right arrow-forward
share: share share-network
power button|power: power
`

/** Something icons show. */
export interface IconConcept {
  name: string
  accepted: string[]
  /** Icon sets of the split that have it, with its name there. */
  icons: { set: string; icon: string }[]
}

/** Concepts with at least one icon in the split's sets. */
export function iconConcepts(split: Split): IconConcept[] {
  const sets = split === 'test' ? [HELD_OUT_SET] : TRAINING_SETS
  return CONCEPTS.trim()
    .split('\n')
    .flatMap((line) => {
      const [names, candidates] = line.split(': ') as [string, string]
      const [name, ...accepted] = names.split('|') as [string, ...string[]]
      const icons = sets.flatMap((set) => {
        const icon = candidates.split(' ').find((candidate) => hasIcon(set, candidate))
        return icon === undefined ? [] : [{ set, icon }]
      })
      return icons.length === 0 ? [] : [{ name, accepted, icons }]
    })
}
