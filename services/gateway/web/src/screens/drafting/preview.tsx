// The document as it would be printed now: drawn by the server a moment after the last key, the last good one staying
// until the next is there.
import { useEffect, useRef, useState } from 'preact/hooks'
import { bytesFrom, type Problem } from '../../api'
import { asProblem } from '../../hooks'
import { Button } from '../../ui/parts'

const QUIET_MS = 700

export interface Previewed {
  url?: string
  /** Why what stands in the fields cannot be drawn. */
  problem?: Problem
  /** What is shown is not yet what stands in the fields. */
  isBehind: boolean
  again: () => void
}

/** Draws `data` (not while `isWrong`). */
export function usePreview(application: string, data: Record<string, unknown>, isWrong: boolean): Previewed {
  const [state, setState] = useState<{ url?: string; problem?: Problem; of?: string }>({})
  const [turn, setTurn] = useState(0)
  const text = JSON.stringify(data)
  const shown = useRef<string | undefined>(undefined)
  useEffect(() => {
    if (isWrong) return undefined
    let isGone = false
    const timer = setTimeout(
      () => {
        bytesFrom('document.draft.preview', { params: { application }, body: { data } }).then(
          (blob) => {
            if (isGone) return
            if (shown.current) URL.revokeObjectURL(shown.current)
            shown.current = URL.createObjectURL(blob)
            setState({ url: shown.current, of: text })
          },
          (error: unknown) =>
            !isGone && setState((before) => ({ ...(before.url ? { url: before.url } : {}), problem: asProblem(error), of: text })),
        )
      },
      shown.current ? QUIET_MS : 0,
    )
    return () => {
      isGone = true
      clearTimeout(timer)
    }
  }, [application, text, isWrong, turn])
  useEffect(
    () => () => {
      if (shown.current) URL.revokeObjectURL(shown.current)
    },
    [],
  )
  return {
    ...(state.url ? { url: state.url } : {}),
    ...(state.problem && state.of === text ? { problem: state.problem } : {}),
    isBehind: isWrong || state.of !== text || state.problem !== undefined,
    again: () => setTurn((count) => count + 1),
  }
}

export function PreviewPaper({ previewed: { url, problem, isBehind, again }, isWrong }: { previewed: Previewed; isWrong: boolean }) {
  const words = isWrong
    ? url
      ? 'Perbaiki isian untuk memperbarui pratinjau.'
      : 'Pratinjau muncul setelah isi dokumen lengkap.'
    : problem
      ? problem.detail
      : isBehind
        ? 'Memperbarui pratinjau…'
        : 'Pratinjau sesuai dengan isian.'
  return (
    <figure class="paper">
      <p class={problem ? 'error' : 'soft'} role="status">
        {words}{' '}
        {problem?.isPassing && (
          <Button tone="quiet" onClick={again}>
            Coba lagi
          </Button>
        )}
      </p>
      {url && <Sheets url={url} />}
      {url && (
        <figcaption>
          Pratinjau tanpa nomor dan tanda tangan ·{' '}
          <a href={url} target="_blank" rel="noopener">
            buka di jendela sendiri
          </a>
        </figcaption>
      )}
    </figure>
  )
}

const DRAWN_MS = 500 // after its load event a PDF viewer still needs a moment for the first page

/** The new sheet is laid behind the old one and comes to the front when it can be read: nothing flickers while typing. */
function Sheets({ url }: { url: string }) {
  const [front, setFront] = useState(url)
  const timer = useRef(0)
  useEffect(() => () => clearTimeout(timer.current), [])
  const show = (one: string) => {
    clearTimeout(timer.current)
    if (one !== front) timer.current = window.setTimeout(() => setFront(one), DRAWN_MS)
  }
  return (
    <div class="sheets">
      {(front === url ? [url] : [front, url]).map((one) => (
        <iframe
          key={one}
          src={`${one}#navpanes=0&view=FitH`}
          title={one === front ? 'Pratinjau dokumen' : 'Pratinjau berikutnya'}
          class={one === front ? 'front' : ''}
          onLoad={() => show(one)}
        />
      ))}
    </div>
  )
}
