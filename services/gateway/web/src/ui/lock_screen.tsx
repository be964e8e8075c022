// What covers the screen while it is locked.  A dialog of the browser, so that it lies above any other that is open.
import { useEffect, useRef, useState } from 'preact/hooks'
import { lock } from '../lock'
import { asProblem, useChanges } from '../hooks'
import { openSession } from '../screens/sign_in'
import { session } from '../session'
import { Button, TextField } from './parts'

export function LockScreen() {
  useChanges(lock.onChange)
  return lock.isLocked() ? <Cover /> : null
}

function Cover() {
  const box = useRef<HTMLDialogElement>(null)
  const [password, setPassword] = useState('')
  const [error, setError] = useState('')
  const [isBusy, setBusy] = useState(false)
  const current = session.current()
  useEffect(() => {
    const before = document.activeElement
    box.current?.showModal()
    return () => before instanceof HTMLElement && setTimeout(() => before.focus())
  }, [])
  if (!current) return null

  const open = async () => {
    if (lock.isKnownHere()) {
      if (!(await lock.tryPassword(password))) setError('Kata sandi salah.')
      return
    }
    session.begin({ ...(await openSession(current.username, password)), username: current.username })
    await lock.learn(password)
  }
  const submit = (event: Event) => {
    event.preventDefault()
    if (isBusy) return
    setBusy(true)
    setError('')
    open()
      .catch((trouble: unknown) => setError(asProblem(trouble).detail))
      .finally(() => {
        setBusy(false)
        setPassword('')
      })
  }
  return (
    <dialog
      class="lock"
      ref={box}
      aria-labelledby="terkunci"
      onCancel={(event) => event.preventDefault()}
      onClose={() => lock.isLocked() && box.current?.showModal()} // a second Escape closes it all the same
    >
      <form onSubmit={submit}>
        <h1 id="terkunci">Layar terkunci</h1>
        <p>
          {current.name}, masukkan kata sandi untuk melanjutkan. Isian Anda masih ada, dan yang menunggu tetap dikirim.
          {!lock.isKnownHere() && ' Membuka kunci memerlukan sambungan.'}
        </p>
        <TextField
          label="Kata sandi"
          type="password"
          value={password}
          onValue={setPassword}
          error={error || undefined}
          autocomplete="current-password"
          maxLength={200}
          required
          autofocus
        />
        <div class="actions">
          <Button type="submit" isBusy={isBusy}>
            Buka
          </Button>
          <Button tone="quiet" onClick={() => void lock.leave()}>
            Masuk dengan akun lain
          </Button>
        </div>
      </form>
    </dialog>
  )
}
