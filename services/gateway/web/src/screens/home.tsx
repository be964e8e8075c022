// Where an officer arrives: the desks that are theirs.
import { mayOpen, screens } from '../screens'
import { BASE } from '../router'
import { session } from '../session'

export default function Home() {
  const roles = session.roles()
  const mine = screens.filter((screen) => screen.isInMenu && mayOpen(screen, roles))
  return (
    <>
      <h1>Selamat bekerja, {session.current()?.name}</h1>
      {mine.length === 0 && <p>Akun ini belum mempunyai meja. Mintalah peran kepada admin kabupaten.</p>}
      <ul class="desks">
        {mine.map((screen) => (
          <li key={screen.path}>
            <a href={BASE + screen.path}>{screen.title}</a>
          </li>
        ))}
      </ul>
    </>
  )
}
