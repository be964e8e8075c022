// Signing in.  The server slows down whoever guesses (429 with the seconds to wait) and says so in its own words.
import { useState } from 'preact/hooks'
import { Problem, type Reply } from '../api'
import { useAct } from '../hooks'
import { lock } from '../lock'
import { session } from '../session'
import { Button, Notice, TextField, Trouble } from '../ui/parts'

export async function openSession(username: string, password: string): Promise<Reply<'identity.session.open'>> {
  let response: Response
  try {
    response = await fetch('/v1/sessions', {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ username, password }),
    })
  } catch {
    throw new Problem(0, 'no_line', 'Server tidak dapat dihubungi. Periksa jaringan, lalu coba lagi.')
  }
  const said = (await response.json().catch(() => ({}))) as Reply<'identity.session.open'> & {
    code?: string
    detail?: string
    correlation?: string
  }
  if (!response.ok) throw new Problem(response.status, said.code ?? '', said.detail ?? 'Tidak dapat masuk.', undefined, said.correlation)
  return said
}

export default function SignIn() {
  const [username, setUsername] = useState('')
  const [password, setPassword] = useState('')
  const act = useAct()
  const submit = (event: Event) => {
    event.preventDefault()
    act.run(async () => {
      session.begin({ ...(await openSession(username.trim(), password)), username: username.trim() })
      await lock.learn(password)
    })
  }
  return (
    <main class="narrow" id="main">
      <h1>Masuk</h1>
      <p>Aplikasi petugas Pelayanan Administrasi Terpadu Kecamatan.</p>
      {session.isExpired() && !act.problem && <Notice tone="warn">Sesi Anda sudah berakhir. Silakan masuk lagi.</Notice>}
      {session.isWipeIncomplete() && (
        <Notice tone="warn">
          Anda sudah keluar, tetapi pekerjaan yang tersimpan di perangkat ini belum terhapus seluruhnya. Hapus data situs ini lewat setelan
          peramban.
        </Notice>
      )}
      <Trouble problem={act.problem} />
      <form onSubmit={submit}>
        <TextField label="Nama pengguna" value={username} onValue={setUsername} autocomplete="username" required maxLength={64} autofocus />
        <TextField
          label="Kata sandi"
          type="password"
          value={password}
          onValue={setPassword}
          autocomplete="current-password"
          required
          maxLength={200}
        />
        <Button type="submit" isBusy={act.isBusy}>
          Masuk
        </Button>
      </form>
      <p class="soft">
        <a href="/">Halaman untuk warga</a>
      </p>
    </main>
  )
}
