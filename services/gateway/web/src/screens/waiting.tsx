// What waits on this device to be sent, what the server refused and a person must decide, and what has been sent.
import { useState } from 'preact/hooks'
import { moment } from '../format'
import { useAct } from '../hooks'
import { isOver, outbox, useOutbox, type Entry } from '../offline/outbox'
import { BASE } from '../router'
import { Badge, Button, Dialog, Notice, TextField, Trouble } from '../ui/parts'
import { drafts } from './loket/drafts'

const stateWords: Record<Entry['state'], readonly ['plain' | 'good' | 'warn' | 'bad', string]> = {
  waiting: ['warn', 'Menunggu dikirim'],
  sending: ['plain', 'Sedang dikirim'],
  conflict: ['bad', 'Ditolak server'],
  done: ['good', 'Terkirim'],
  discarded: ['plain', 'Dihapus, tidak dikirim'],
}

const withParts = (path: string, parts: Record<string, unknown>): string =>
  BASE + path.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(String(parts[name] ?? '')))

function Discard({ entry }: { entry: Entry }) {
  const [isOpen, setOpen] = useState(false)
  const [reason, setReason] = useState('')
  const [error, setError] = useState('')
  const act = useAct()
  const submit = (event: Event) => {
    event.preventDefault()
    if (reason.trim().length < 3) return setError('Tulis alasannya, paling sedikit tiga huruf.')
    act.run(async () => {
      await outbox.discard(entry.id, reason.trim())
      await drafts.drop(entry.id) // its correction, if one was begun
    })
  }
  return (
    <>
      <Button tone="danger" onClick={() => setOpen(true)}>
        Hapus…
      </Button>
      <Dialog title="Hapus tanpa mengirim?" isOpen={isOpen} onClose={() => setOpen(false)}>
        <form onSubmit={submit}>
          <p>
            {entry.kind}: <bdi>{entry.title}</bdi>
          </p>
          <p>Yang dihapus tidak dapat dikembalikan. {entry.files.length > 0 && `Termasuk ${entry.files.length} berkas.`}</p>
          {entry.askedAt ? <p>Mungkin server sudah menerimanya tanpa sempat menjawab. Periksa dahulu di server.</p> : null}
          <Trouble problem={act.problem} />
          <TextField label="Alasan" value={reason} onValue={setReason} error={error || undefined} maxLength={300} required autofocus />
          <div class="actions">
            <Button tone="quiet" onClick={() => setOpen(false)}>
              Batal
            </Button>
            <Button tone="danger" type="submit" isBusy={act.isBusy}>
              Hapus
            </Button>
          </div>
        </form>
      </Dialog>
    </>
  )
}

function Row({ entry }: { entry: Entry }) {
  const act = useAct()
  const [tone, words] = stateWords[entry.state]
  const left = entry.files.filter((file) => !file.file).length
  return (
    <li class="card">
      <h2>
        {entry.kind}: <bdi>{entry.title}</bdi>
      </h2>
      <p>
        <Badge tone={tone}>{words}</Badge> <span class="soft">dibuat {moment(entry.created)}</span>
      </p>
      {entry.files.length > 0 && !isOver(entry) && (
        <p class="soft">
          {entry.files.length} berkas{left < entry.files.length && `, ${entry.files.length - left} sudah terkirim`}
        </p>
      )}
      {entry.state === 'conflict' && (
        <div class="trouble">
          <p>{entry.problem?.detail}</p>
        </div>
      )}
      {entry.state === 'waiting' && entry.problem && <p>{entry.problem.detail}</p>}
      {entry.state === 'done' && entry.doneAt && (
        <p>
          <a href={withParts(entry.doneAt, entry.reply as Record<string, unknown>)}>Lihat hasilnya</a>
        </p>
      )}
      {entry.state === 'discarded' && <p>Alasan: {entry.reason}</p>}
      <Trouble problem={act.problem} />
      {entry.state === 'conflict' && (
        <div class="actions">
          {entry.correctAt && (
            <a class="button" href={withParts(entry.correctAt, { entry: entry.id })}>
              Buka dan perbaiki
            </a>
          )}
          <Button tone="quiet" isBusy={act.isBusy} onClick={() => act.run(() => outbox.again(entry.id))}>
            Kirim lagi
          </Button>
          <Discard entry={entry} />
        </div>
      )}
      {entry.state === 'waiting' && (
        <div class="actions">
          <Discard entry={entry} />
        </div>
      )}
    </li>
  )
}

const ORDER: Record<Entry['state'], number> = { conflict: 0, sending: 1, waiting: 1, done: 2, discarded: 2 }

export default function Waiting() {
  const { mine, others, waiting, conflicts } = useOutbox()
  const act = useAct()
  const over = mine.filter(isOver)
  const rows = [...mine].sort((a, b) => ORDER[a.state] - ORDER[b.state])
  return (
    <>
      <h1>Menunggu dikirim</h1>
      <p>Pekerjaan yang dibuat tanpa sambungan disimpan di perangkat ini dan dikirim satu kali begitu server dapat dihubungi.</p>
      {waiting > 0 && (
        <div class="actions">
          <Button isBusy={act.isBusy} onClick={() => act.run(() => outbox.now())}>
            Kirim sekarang
          </Button>
        </div>
      )}
      <Trouble problem={act.problem} />
      {conflicts > 0 && <Notice tone="warn">{conflicts} ditolak server. Baca alasannya, lalu putuskan.</Notice>}
      {others.length > 0 && (
        <Notice tone="warn">
          Di perangkat ini juga ada {others.length} kiriman milik {[...new Set(others)].join(', ')}; terkirim bila pemiliknya masuk.
        </Notice>
      )}
      {rows.length === 0 && <p>Tidak ada yang menunggu.</p>}
      <ul class="plain">
        {rows.map((entry) => (
          <Row key={entry.id} entry={entry} />
        ))}
      </ul>
      {over.length > 0 && (
        <div class="actions">
          <Button tone="quiet" onClick={() => act.run(async () => void (await Promise.all(over.map((entry) => outbox.remove(entry.id)))))}>
            Bersihkan yang sudah selesai
          </Button>
        </div>
      )}
    </>
  )
}
