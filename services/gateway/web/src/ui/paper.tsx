// A PDF or a photograph that only a signed-in officer may see: fetched with the token, shown from memory.
import { useEffect, useState } from 'preact/hooks'
import { Problem } from '../api'
import { asProblem } from '../hooks'
import { session } from '../session'
import { Trouble } from './parts'

/** The bytes' address in memory, given back when `about` changes or the screen goes. */
export function useBlob(load: () => Promise<Blob>, about: readonly unknown[]): { url?: string; blob?: Blob; problem?: Problem } {
  const [state, setState] = useState<{ url?: string; blob?: Blob; problem?: Problem }>({})
  useEffect(() => {
    let url = ''
    let isGone = false
    setState({})
    load().then(
      (blob) => {
        if (isGone) return
        url = URL.createObjectURL(blob)
        setState({ url, blob })
      },
      (error: unknown) => !isGone && setState({ problem: asProblem(error) }),
    )
    return () => {
      isGone = true
      if (url) URL.revokeObjectURL(url)
    }
  }, about)
  return state
}

interface PaperProps {
  title: string
  load: () => Promise<Blob>
  about: readonly unknown[]
}

/** Shows it in the page; where the browser cannot show PDF (many phones), it can be opened or saved. */
export function Paper({ title, load, about }: PaperProps) {
  const { url, blob, problem } = useBlob(load, about)
  if (problem) return <Trouble problem={problem} />
  if (!url || !blob)
    return (
      <p class="soft" role="status">
        Memuat {title}…
      </p>
    )
  return (
    <figure class="paper">
      {blob.type.startsWith('image/') ? <img src={url} alt={title} /> : <iframe src={`${url}#navpanes=0&view=FitH`} title={title} />}
      <figcaption>
        {title} ·{' '}
        <a href={url} target="_blank" rel="noopener">
          buka di jendela sendiri
        </a>
      </figcaption>
    </figure>
  )
}

const printed = new Set<{ window: Window; url: string }>()
session.onWipe(() => {
  for (const { window, url } of printed) {
    window.close()
    URL.revokeObjectURL(url)
  }
  printed.clear()
})

/** Prints a PDF: in a window of its own, where the officer sees what will come out; it closes at sign-out.  The window
 * opens within the click, before the bytes are there: later it would be taken for an advertisement. */
export async function printPdf(load: () => Promise<Blob>): Promise<void> {
  const paper = window.open('', '_blank')
  if (!paper) throw new Problem(0, 'no_window', 'Peramban menahan jendela cetak. Izinkan jendela baru untuk alamat ini, lalu coba lagi.')
  try {
    const url = URL.createObjectURL(await load())
    printed.add({ window: paper, url })
    paper.location.replace(url)
  } catch (error) {
    paper.close()
    throw error
  }
}
