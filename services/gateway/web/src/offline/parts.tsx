// What the frame shows of the outbox: how many wait, and a warning before signing out would wipe them.
import { useState } from 'preact/hooks'
import { BASE, mayLeave } from '../router'
import { session } from '../session'
import { Button, Dialog } from '../ui/parts'
import { kept } from './db'
import { isOver, outbox, useOutbox } from './outbox'

/** Always there, so that a screen reader hears it change; empty while nothing waits. */
export function WaitingLink() {
  const { waiting, conflicts } = useOutbox()
  const words = [waiting > 0 && `${waiting} menunggu dikirim`, conflicts > 0 && `${conflicts} perlu diperiksa`].filter(Boolean)
  return (
    <span role="status">
      {words.length > 0 && (
        <a class={conflicts > 0 ? 'badge bad' : 'badge warn'} href={`${BASE}/menunggu`}>
          {words.join(', ')}
        </a>
      )}
    </span>
  )
}

async function signOut(): Promise<void> {
  const token = session.token()
  await session.wipe()
  // Without a line the token ends by itself after its ten hours; the device has forgotten it already.
  if (token) await fetch('/v1/sessions/current', { method: 'DELETE', headers: { Authorization: `Bearer ${token}` } }).catch(() => undefined)
}

/** What would be lost, as lines to read. */
async function losses(): Promise<string[]> {
  await outbox.ready()
  const me = session.current()
  const unsent = outbox.all().filter((entry) => !isOver(entry))
  return [
    ...unsent.map((entry) => `${entry.kind}: ${entry.title}${entry.account === me?.account ? '' : ` (milik ${entry.accountName})`}`),
    ...(await kept.works().catch(() => [])).map((work) => `Belum selesai diisi: ${work}`),
  ]
}

export function SignOut() {
  const [lost, setLost] = useState<string[]>([])
  const [isAsking, setAsking] = useState(false)
  const ask = async () => {
    if (!mayLeave()) return
    const found = await losses()
    setLost(found)
    if (found.length) setAsking(true)
    else await signOut()
  }
  return (
    <>
      <Button tone="quiet" onClick={() => void ask()}>
        Keluar
      </Button>
      <Dialog title={`${lost.length} pekerjaan akan hilang`} isOpen={isAsking} onClose={() => setAsking(false)}>
        <p>Keluar menghapus semua yang tersimpan di perangkat ini, termasuk yang belum terkirim ke server:</p>
        <ul>
          {lost.map((one, at) => (
            <li key={at}>{one}</li>
          ))}
        </ul>
        <p>Bila sambungan ada, tunggu sampai terkirim. Bila tidak, biarkan akun ini tetap masuk dan kunci perangkat.</p>
        <div class="actions">
          <Button onClick={() => setAsking(false)}>Jangan keluar</Button>
          <Button tone="danger" onClick={() => void signOut()}>
            Hapus dan keluar
          </Button>
        </div>
      </Dialog>
    </>
  )
}
