// Hears from the gateway that something moved in the officer's kecamatan, so that what is shown is asked anew: one stream
// for the window however many lists listen, none while nobody looks at it.  What moved is not said, and what moved while
// no stream was there is not repeated: so everything is asked anew whenever a stream begins, which is once a minute.
import { useEffect, useRef } from 'preact/hooks'
import { listenTo, Problem } from './api'
import { listeners } from './listeners'
import { session } from './session'

const ADDRESS = '/v1/changes'
const SILENCE_MS = 40_000 // the gateway says something every 15 s: beyond it the line is dead
const MINUTE_MS = 60_000
const LONGEST_PAUSE_MS = 30_000
const SPREAD_MS = 2_000 // not all windows of the kabupaten at the same moment

const changes = listeners()
let listening = 0
let stream: AbortController | undefined // of this window, while it is looked at
let soon: ReturnType<typeof setTimeout> | undefined
let toldAt = 0

function tell(): void {
  clearTimeout(soon)
  soon = undefined
  toldAt = Date.now()
  changes.tell()
}

/** The station that a file has just gone to needs a moment to take it in; and see SPREAD_MS. */
function tellSoon(): void {
  soon ??= setTimeout(tell, 300 + Math.random() * SPREAD_MS)
}

const pause = (ms: number) => new Promise((done) => setTimeout(done, ms))

/** Reads one stream to its end; throws when it is cut. */
async function read(body: ReadableStream<Uint8Array>, cut: AbortController): Promise<void> {
  const reader = body.getReader()
  const decoder = new TextDecoder()
  let rest = ''
  for (;;) {
    const watch = setTimeout(() => cut.abort(), SILENCE_MS)
    const { done, value } = await reader.read().finally(() => clearTimeout(watch))
    if (done) return
    const lines = (rest + decoder.decode(value, { stream: true })).split('\n')
    rest = lines.pop() ?? ''
    if (lines.some((line) => line.startsWith('data:'))) tellSoon()
  }
}

/** One stream after the other, until `mine` is not the window's any more. */
async function keepListening(mine: AbortController): Promise<void> {
  let failures = 0
  for (let isFirst = true; stream === mine; isFirst = false) {
    const cut = new AbortController()
    const pass = () => cut.abort()
    mine.signal.addEventListener('abort', pass)
    try {
      const body = await listenTo(ADDRESS, cut.signal)
      failures = 0
      if (!isFirst) tellSoon()
      await read(body, cut)
    } catch (error) {
      failures++
      if (error instanceof Problem && error.status === 401) break // the sign-in page is shown by now
    } finally {
      mine.signal.removeEventListener('abort', pass)
    }
    if (Date.now() - toldAt > MINUTE_MS) tellSoon() // no stream to be had: the minute alone
    await pause(failures === 0 ? 100 : Math.min(LONGEST_PAUSE_MS, 1000 * 2 ** failures) * (0.5 + Math.random() / 2))
  }
  if (stream === mine) stream = undefined
}

function stop(): void {
  stream?.abort()
  stream = undefined
}

/** Begins or ends the stream as it is wanted now. */
function settle(): void {
  const isWanted = listening > 0 && !document.hidden && session.token() !== undefined
  if (!isWanted) stop()
  else if (!stream) {
    stream = new AbortController()
    void keepListening(stream)
  }
}

let heldToken = session.token()
session.onChange(() => {
  if (session.token() !== heldToken) stop() // another officer, other kecamatan
  heldToken = session.token()
  settle()
})

document.addEventListener('visibilitychange', () => {
  if (!document.hidden && listening > 0) tell() // a lot may have happened meanwhile
  settle()
})

/** Calls `onChange` when something may have moved, and about once a minute; not while the window is hidden. */
export function useLive(onChange: () => void): void {
  const latest = useRef(onChange)
  latest.current = onChange
  useEffect(() => {
    const forget = changes.add(() => latest.current())
    if (listening++ === 0) toldAt = Date.now() // who listens has just asked
    settle()
    return () => {
      forget()
      listening--
      settle()
    }
  }, [])
}
