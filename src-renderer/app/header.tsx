import buttons from '../components/button.module.css'
import { Icon } from '../components/icon.tsx'
import { IconButton } from '../components/icon-button.tsx'
import { Menu, MenuChoice, MenuGroup } from '../components/menu.tsx'
import { OwlMark } from '../components/owl-mark.tsx'
import { ModelMenu } from '../models/model-menu.tsx'
import styles from './header.module.css'
import { type Language, languages } from './language/language.ts'
import { themes } from './preferences-slice.ts'
import { useOwl, useText } from './store.ts'

export function Header() {
  const text = useText()
  const model = useOwl((state) => state.model.state)
  const newChat = useOwl((state) => state.newChat)
  const empty = useOwl((state) => state.turns.length === 0)
  const mood = { ready: 'awake', loading: 'looking', none: 'asleep', failed: 'asleep' } as const
  return (
    <header className={styles.header}>
      <div className={styles.side}>
        <OwlMark mood={mood[model]} className={styles.owl} />
        <h1 className={styles.brand}>{text.app.title}</h1>
      </div>
      <ModelMenu />
      <div className={`${styles.side} ${styles.end}`}>
        <IconButton icon="newChat" label={text.app.newChat} onClick={newChat} disabled={empty} />
        <PreferencesMenu />
      </div>
    </header>
  )
}

function PreferencesMenu() {
  const text = useText()
  const { theme, language } = useOwl((state) => state.preferences)
  const setPreferences = useOwl((state) => state.setPreferences)
  return (
    <Menu face={<Icon name="settings" />} label={text.app.settings} buttonClass={buttons.icon} align="end">
      <MenuGroup label={text.app.theme}>
        {themes.map((name) => (
          <MenuChoice key={name} checked={name === theme} onChoose={() => setPreferences({ theme: name })}>
            {text.app.themes[name]}
          </MenuChoice>
        ))}
      </MenuGroup>
      <MenuGroup label={text.app.language}>
        {(Object.keys(languages) as Language[]).map((name) => (
          <MenuChoice key={name} checked={name === language} onChoose={() => setPreferences({ language: name })}>
            <span lang={name}>{languages[name].name}</span>
          </MenuChoice>
        ))}
      </MenuGroup>
    </Menu>
  )
}
