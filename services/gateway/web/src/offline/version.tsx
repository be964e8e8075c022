// Registers the service worker and says when a new build waits.  It takes over when a person says so, never in the midst
// of a form; a window that was opened with the new build already lets it in by itself.
import { useState } from 'preact/hooks'
import { ask } from '../api'
import { useChanges } from '../hooks'
import { listeners } from '../listeners'
import { session } from '../session'
import { Button } from '../ui/parts'
import { DATA_CACHE, type Said } from '../worker/shared'

const LOOK_EVERY_MS = 30 * 60_000
const LET_IN_MS = 3_000 // a worker that the window lets in by itself is gone from the waiting place by then

const changes = listeners()
let waiting: ServiceWorker | undefined
let isLetIn = false

const say = (worker: ServiceWorker, said: Said) => worker.postMessage(said)

function found(worker: ServiceWorker): void {
  say(worker, { kind: 'i-am', script: new URL(import.meta.url).pathname })
  setTimeout(() => {
    if (worker.state !== 'installed') return
    waiting = worker
    changes.tell()
  }, LET_IN_MS)
  worker.addEventListener('statechange', () => {
    if (worker.state === 'installed' || waiting !== worker) return
    waiting = undefined
    changes.tell()
  })
}

async function register(): Promise<void> {
  const registration = await navigator.serviceWorker.register('/petugas/sw.js', { updateViaCache: 'none' })
  if (registration.waiting) found(registration.waiting)
  registration.addEventListener('updatefound', () => {
    const worker = registration.installing
    worker?.addEventListener('statechange', () => {
      // The very first one has nobody to wait for.
      if (worker.state === 'installed' && registration.active) found(worker)
    })
  })
  navigator.serviceWorker.addEventListener('controllerchange', () => isLetIn && location.reload())
  setInterval(() => void registration.update().catch(() => undefined), LOOK_EVERY_MS)
}

/** The loket must work without a line tomorrow with services that nobody has opened today: asks for each form once. */
async function keepReference(): Promise<void> {
  if (!session.current() || !navigator.onLine) return
  await navigator.serviceWorker.ready
  await ask('intake.kecamatan.list')
  await ask('intake.service.list')
  for (const kecamatan of session.places('loket')) {
    const { services } = await ask('intake.service.list', { kecamatan })
    for (const { code } of services) await ask('intake.service.get', { service: code })
  }
}

/** Only in what was built: in development the sources change under it. */
export function startWorker(): void {
  session.onWipeDevice(async () => {
    if ('caches' in window) await caches.delete(DATA_CACHE)
  })
  if (!import.meta.env.PROD || !('serviceWorker' in navigator)) return
  const keep = () => void keepReference().catch(() => undefined)
  void register()
    .then(keep)
    .catch(() => undefined)
  addEventListener('online', keep) // what the line cut off, and what has changed since
  let account = session.current()?.account
  session.onChange(() => {
    if (session.current()?.account === account) return
    account = session.current()?.account
    keep()
  })
}

export function NewVersion() {
  useChanges(changes.add)
  const [isBusy, setBusy] = useState(false)
  if (!waiting) return null
  const letIn = () => {
    if (!waiting) return
    isLetIn = true
    setBusy(true)
    say(waiting, { kind: 'take-over' })
  }
  return (
    <div class="notice no-print version" role="status">
      <p>Versi baru tersedia. Selesaikan dahulu yang sedang Anda isi, lalu muat versi baru.</p>
      <Button tone="quiet" isBusy={isBusy} onClick={letIn}>
        Muat versi baru
      </Button>
    </div>
  )
}
