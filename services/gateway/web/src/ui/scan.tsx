// The field for a receipt's code.  A hardware scanner types what the QR says (the address of /lacak with number and code)
// and ends with Enter; a person types the number or the short code.  The camera is offered only where the browser itself
// can read QR codes.
import { useEffect, useRef, useState } from 'preact/hooks'
import { Button, Dialog, TextField } from './parts'

/** The number or the short code within what was typed or scanned. */
export function codeOf(text: string): string {
  const typed = text.trim()
  const query = typed.includes('?') ? new URLSearchParams(typed.slice(typed.indexOf('?') + 1)) : undefined
  return (query?.get('number') ?? query?.get('code') ?? typed).trim().slice(0, 60)
}

// Not in TypeScript's library: https://wicg.github.io/shape-detection-api/#barcode-detection-api
interface Detector {
  detect: (source: HTMLVideoElement) => Promise<Array<{ rawValue: string }>>
}
type DetectorClass = new (options: { formats: string[] }) => Detector
const detectorClass = (): DetectorClass | undefined =>
  'BarcodeDetector' in globalThis ? (globalThis as unknown as { BarcodeDetector: DetectorClass }).BarcodeDetector : undefined

interface ScanProps {
  label: string
  hint: string
  error?: string | undefined
  isBusy: boolean
  onCode: (code: string) => void
}

export function ScanField({ label, hint, error, isBusy, onCode }: ScanProps) {
  const [typed, setTyped] = useState('')
  const [isLooking, setLooking] = useState(false)
  const take = (text: string) => {
    const code = codeOf(text)
    if (code) onCode(code)
  }
  return (
    <form
      class="card scan"
      onSubmit={(event) => {
        event.preventDefault()
        take(typed)
      }}
    >
      <TextField label={label} hint={hint} error={error} value={typed} onValue={setTyped} autocomplete="off" maxLength={400} autofocus />
      <div class="row">
        <Button type="submit" isBusy={isBusy}>
          Buka
        </Button>
        {detectorClass() && (
          <Button tone="quiet" onClick={() => setLooking(true)}>
            Pindai dengan kamera
          </Button>
        )}
      </div>
      <Dialog title="Arahkan kamera ke kode pada tanda terima" isOpen={isLooking} onClose={() => setLooking(false)}>
        <Camera
          onText={(text) => {
            setLooking(false)
            setTyped(codeOf(text))
            take(text)
          }}
        />
        <Button tone="quiet" onClick={() => setLooking(false)}>
          Tutup
        </Button>
      </Dialog>
    </form>
  )
}

const EVERY_MS = 250

function Camera({ onText }: { onText: (text: string) => void }) {
  const video = useRef<HTMLVideoElement>(null)
  const [trouble, setTrouble] = useState(false)
  useEffect(() => {
    const Detector = detectorClass()
    const detector = Detector && new Detector({ formats: ['qr_code'] })
    let stream: MediaStream | undefined
    let timer: ReturnType<typeof setTimeout> | undefined
    let isGone = false
    const look = async () => {
      const [found] = video.current && detector ? await detector.detect(video.current).catch(() => []) : []
      if (isGone) return
      if (found) onText(found.rawValue)
      else timer = setTimeout(() => void look(), EVERY_MS)
    }
    const begin = async () => {
      stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: 'environment' } })
      if (isGone || !video.current) return stream.getTracks().forEach((track) => track.stop())
      video.current.srcObject = stream
      await video.current.play()
      await look()
    }
    begin().catch(() => setTrouble(true))
    return () => {
      isGone = true
      clearTimeout(timer)
      stream?.getTracks().forEach((track) => track.stop())
    }
  }, [])
  if (trouble) return <p>Kamera tidak dapat dipakai. Ketik nomornya, atau izinkan kamera di peramban ini.</p>
  return <video ref={video} muted playsInline aria-label="Gambar kamera" />
}
