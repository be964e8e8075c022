// The checklist of requirements: for each a file, a photograph, or the original shown.  A file goes to the archive as soon
// as it is chosen; without a line it waits and goes with the registration.
import { useEffect, useId, useState } from 'preact/hooks'
import { asProblem } from '../../hooks'
import { scaledDown } from '../../photo'
import { fileName } from '../../printable'
import { faultAt } from '../../ui/faults'
import { Badge, Button, fieldId, TextField } from '../../ui/parts'
import type { Fault } from '../../ui/schema'
import { isBrought, noPaper, type Paper } from './draft'
import { uploadOnce } from './submit'

export interface Requirement {
  code: string
  name: string
  how: 'upload' | 'original' | 'either'
  mandatory?: boolean
  note?: string
}

export type ChangePaper = (code: string, change: (paper: Paper) => Paper) => void

const MOST_BYTES = 5 * 1024 * 1024 // the archive's limit; beyond it the gateway hangs up in the midst of sending

const sizeWords = (bytes: number): string =>
  bytes < 1_000_000 ? `${Math.max(1, Math.round(bytes / 1000))} kB` : `${(bytes / 1_000_000).toFixed(1).replace('.', ',')} MB`

/** Takes the file, makes photographs small, sends it. */
async function take(chosen: File, isPhoto: boolean, code: string, kecamatan: string, change: ChangePaper): Promise<void> {
  const isPicture = chosen.type.startsWith('image/')
  const blob = isPicture && (isPhoto || chosen.size > MOST_BYTES) ? await scaledDown(chosen) : chosen
  const name = fileName(chosen.name) || 'foto.jpg'
  const keep = (values: Partial<Paper>) =>
    change(code, ({ file: _, blob: __, sent: ___, trouble: ____, name: _____, size: ______, ...rest }) => ({ ...rest, ...values }))
  if (blob.size > MOST_BYTES) return keep({ trouble: `${name}: ukuran berkas melebihi batas 5 MB.` })
  keep({ blob, name, size: blob.size, sent: 0 })
  // Another file may have been chosen in the meantime: then this one's answer concerns nobody.
  const tell = (alter: (paper: Paper) => Paper) => change(code, (paper) => (paper.blob === blob ? alter(paper) : paper))
  try {
    const file = await uploadOnce(blob, name, kecamatan, (sent) => tell((paper) => ({ ...paper, sent })))
    tell(({ sent: _, ...rest }) => ({ ...rest, file }))
  } catch (error) {
    const problem = asProblem(error)
    if (problem.isPassing) tell(({ sent: _, ...rest }) => rest)
    else keep({ trouble: `${name}: ${problem.detail}` })
  }
}

interface PapersProps {
  requirements: readonly Requirement[]
  papers: Record<string, Paper>
  onPaper: ChangePaper
  kecamatan: string
  faults: readonly Fault[]
}

export function Papers({ requirements, papers, onPaper, kecamatan, faults }: PapersProps) {
  return (
    <ul class="papers">
      {requirements.map((requirement) => (
        <li key={requirement.code}>
          <OnePaper
            requirement={requirement}
            paper={papers[requirement.code] ?? noPaper}
            onPaper={onPaper}
            kecamatan={kecamatan}
            error={faultAt(faults, `/requirements/${requirement.code}`)}
          />
        </li>
      ))}
    </ul>
  )
}

interface OnePaperProps {
  requirement: Requirement
  paper: Paper
  onPaper: ChangePaper
  kecamatan: string
  error: string | undefined
}

function OnePaper({ requirement, paper, onPaper, kecamatan, error }: OnePaperProps) {
  const { code, name, how, mandatory = true, note } = requirement
  const [isNoteOpen, setNoteOpen] = useState(paper.note !== '')
  const id = fieldId(`/requirements/${code}`)
  const wrong = error ?? paper.trouble
  return (
    <fieldset class={wrong ? 'wrong' : ''} id={id} tabIndex={-1} aria-describedby={`${id}-state`}>
      <legend>
        {name}
        {!mandatory && <span class="soft"> (boleh tidak ada)</span>}
      </legend>
      {note && <p class="hint">{note}</p>}
      {wrong && (
        <p class="error" role="alert">
          {wrong}
        </p>
      )}
      <p class="state" id={`${id}-state`} role="status">
        <PaperState paper={paper} isMandatory={mandatory} />
      </p>
      <div class="row">
        {how !== 'original' && (
          <>
            <FileButton label="Pilih berkas" about={name} onFile={(file) => void take(file, false, code, kecamatan, onPaper)} />
            <FileButton label="Foto" about={name} isCamera onFile={(file) => void take(file, true, code, kecamatan, onPaper)} />
          </>
        )}
        {how !== 'upload' && (
          <label class="option">
            <input
              type="checkbox"
              checked={paper.isSeen}
              onChange={(event) => {
                const isSeen = event.currentTarget.checked
                onPaper(code, (before) => ({ ...before, isSeen }))
              }}
            />
            Asli diperlihatkan<span class="hidden-visually">: {name}</span>
          </label>
        )}
        {isBrought(paper) && !isNoteOpen && (
          <Button tone="quiet" onClick={() => setNoteOpen(true)}>
            Catatan<span class="hidden-visually"> untuk {name}</span>
          </Button>
        )}
      </div>
      {isNoteOpen && (
        <TextField
          label={`Catatan untuk ${name}`}
          isOptional
          maxLength={300}
          value={paper.note}
          onValue={(text) => onPaper(code, (before) => ({ ...before, note: text }))}
        />
      )}
      <Thumbnail blob={paper.blob} name={paper.name ?? name} />
    </fieldset>
  )
}

/** What there is already, in words and with a mark. */
function PaperState({ paper, isMandatory }: { paper: Paper; isMandatory: boolean }) {
  const file = paper.name ? `${paper.name}${paper.size ? ` (${sizeWords(paper.size)})` : ''}` : ''
  if (paper.sent !== undefined)
    return (
      <>
        <Badge>Mengunggah</Badge> {file} <progress value={paper.sent} aria-label={`Mengunggah ${paper.name ?? ''}`} />
      </>
    )
  if (paper.file)
    return (
      <>
        <Badge tone="good">Ada</Badge> {file}
        {paper.isSeen && ', asli diperlihatkan'}
      </>
    )
  if (paper.blob)
    return (
      <>
        <Badge tone="good">Ada</Badge> {file}, diunggah saat sambungan ada{paper.isSeen && '; asli diperlihatkan'}
      </>
    )
  if (paper.isSeen) return <Badge tone="good">Asli diperlihatkan</Badge>
  return <Badge tone={isMandatory ? 'warn' : 'plain'}>{isMandatory ? 'Belum ada' : 'Tidak ada'}</Badge>
}

/** The browser's own file chooser, dressed as a button: it has the focus, so Space and Enter open it. */
function FileButton({
  label,
  about,
  isCamera,
  onFile,
}: {
  label: string
  about: string
  isCamera?: boolean
  onFile: (file: File) => void
}) {
  const id = useId()
  return (
    <span class="file-button">
      <input
        id={id}
        type="file"
        accept={isCamera ? 'image/*' : 'application/pdf,image/jpeg,image/png'}
        {...(isCamera ? { capture: 'environment' } : {})}
        onChange={(event) => {
          const file = event.currentTarget.files?.[0]
          event.currentTarget.value = '' // the same file again is a choice too
          if (file) onFile(file)
        }}
      />
      <label class="button quiet" for={id}>
        {label}
        <span class="hidden-visually">: {about}</span>
      </label>
    </span>
  )
}

function Thumbnail({ blob, name }: { blob: Blob | undefined; name: string }) {
  const [url, setUrl] = useState('')
  useEffect(() => {
    if (!blob?.type.startsWith('image/')) return setUrl('')
    const made = URL.createObjectURL(blob)
    setUrl(made)
    return () => URL.revokeObjectURL(made)
  }, [blob])
  return url ? <img class="thumbnail" src={url} alt={`Foto ${name}`} /> : null
}
