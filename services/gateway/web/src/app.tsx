// The frame around every screen: who works here, in which roles, where to go; and the screen that the address names.
import type { ComponentType } from 'preact'
import { useEffect } from 'preact/hooks'
import { useChanges, useLoad } from './hooks'
import { lock } from './lock'
import { useNames } from './names'
import { SignOut, WaitingLink } from './offline/parts'
import { NewVersion } from './offline/version'
import { BASE, usePlace } from './router'
import { find, mayOpen, screens, type Screen, type ScreenProps } from './screens'
import SignIn from './screens/sign_in'
import { session } from './session'
import { LockScreen } from './ui/lock_screen'
import { Button, Shown } from './ui/parts'
import { roleWords } from './words'

function Top() {
  const current = session.current()
  const { path } = usePlace()
  const names = useNames()
  if (!current) return null
  const roles = session.roles()
  return (
    <header class="top">
      <a class="skip" href="#main">
        Langsung ke isi
      </a>
      <a class="brand" href={`${BASE}/`}>
        PATEN
      </a>
      <nav aria-label="Meja kerja">
        <ul>
          {screens
            .filter((screen) => screen.isInMenu && mayOpen(screen, roles))
            .map((screen) => (
              <li key={screen.path}>
                <a href={BASE + screen.path} aria-current={path === screen.path || path.startsWith(`${screen.path}/`) ? 'page' : undefined}>
                  {screen.title}
                </a>
              </li>
            ))}
        </ul>
      </nav>
      <div class="who">
        <p>
          <strong>{current.name}</strong>
          <span>
            {[...new Set(current.grants.map((grant) => `${roleWords[grant.role]}, ${names.kecamatan(grant.place)}`))].join(' · ')}
          </span>
        </p>
        <WaitingLink />
        <Button tone="quiet" onClick={lock.now}>
          Kunci
        </Button>
        <SignOut />
      </div>
    </header>
  )
}

function Opened({ screen, parts }: { screen: Screen; parts: Record<string, string> }) {
  const loading = useLoad(async () => ({ of: screen, component: (await screen.load()).default }), [screen])
  useEffect(() => {
    document.title = `${screen.title} – PATEN`
  }, [screen])
  // While the next screen's code is on its way the value is still the one before.
  if (loading.value?.of !== screen) {
    const { problem, isLoading } = loading
    return (
      <Shown loaded={{ isLoading: isLoading || !problem, ...(problem ? { problem } : {}), again: () => location.reload() }}>
        {() => null}
      </Shown>
    )
  }
  const Component: ComponentType<ScreenProps> = loading.value.component
  // Another file is another desk: nothing of the one before is carried over.
  return <Component key={JSON.stringify(parts)} parts={parts} />
}

function NoWay({ words }: { words: string }) {
  return (
    <>
      <h1>{words}</h1>
      <p>
        <a href={`${BASE}/`}>Ke beranda</a>
      </p>
    </>
  )
}

export function App() {
  useChanges(session.onChange)
  useChanges(lock.onChange)
  const { path } = usePlace()
  if (!session.current()) return <SignIn />
  const found = find(path)
  // Locked: what is being filled in stays, unseen.
  return (
    <>
      <LockScreen />
      <div hidden={lock.isLocked()}>
        <Top />
        <NewVersion />
        <main id="main" tabIndex={-1}>
          {!found && <NoWay words="Halaman ini tidak ada" />}
          {found && !mayOpen(found.screen, session.roles()) && <NoWay words="Peran Anda tidak membuka halaman ini" />}
          {found && mayOpen(found.screen, session.roles()) && <Opened screen={found.screen} parts={found.parts} />}
        </main>
      </div>
    </>
  )
}
