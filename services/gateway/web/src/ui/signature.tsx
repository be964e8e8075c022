// A place to sign with finger, pen or mouse.  What was drawn comes out as a PNG, black on white in every colour scheme.
import { useRef } from 'preact/hooks'
import { Button } from './parts'

const WIDTH = 900
const HEIGHT = 400
const INK = '#111'
const THICK = 4

interface PadProps {
  label: string
  isSigned: boolean
  onSigned: (png: Blob | undefined) => void
}

export function SignaturePad({ label, isSigned, onSigned }: PadProps) {
  const canvas = useRef<HTMLCanvasElement>(null)
  const last = useRef<{ x: number; y: number } | undefined>(undefined)
  const clear = () => {
    const pen = canvas.current?.getContext('2d')
    if (!pen) return
    pen.fillStyle = '#fff'
    pen.fillRect(0, 0, WIDTH, HEIGHT)
    onSigned(undefined)
  }
  /** Where the pointer is, in the canvas's own pixels. */
  const at = (event: PointerEvent) => {
    const box = (event.currentTarget as HTMLCanvasElement).getBoundingClientRect()
    return { x: ((event.clientX - box.left) * WIDTH) / box.width, y: ((event.clientY - box.top) * HEIGHT) / box.height }
  }
  const draw = (to: { x: number; y: number }) => {
    const pen = canvas.current?.getContext('2d')
    if (!pen || !last.current) return
    pen.strokeStyle = INK
    pen.lineWidth = THICK
    pen.lineCap = 'round'
    pen.beginPath()
    pen.moveTo(last.current.x, last.current.y)
    pen.lineTo(to.x, to.y)
    pen.stroke()
    last.current = to
  }
  const begin = (event: PointerEvent) => {
    if (!event.isPrimary || event.button !== 0) return
    if (!isSigned)
      clear() // a fresh canvas is transparent; the picture is to be white
    ;(event.currentTarget as HTMLCanvasElement).setPointerCapture(event.pointerId)
    last.current = at(event)
    draw(last.current)
  }
  const end = () => {
    if (!last.current) return
    last.current = undefined
    canvas.current?.toBlob((png) => onSigned(png ?? undefined), 'image/png')
  }
  return (
    <div class="signature" role="group" aria-label={label}>
      <p class="label">{label}</p>
      <canvas
        ref={canvas}
        width={WIDTH}
        height={HEIGHT}
        role="img"
        aria-label={isSigned ? 'Sudah ada coretan tanda tangan' : 'Bidang tanda tangan, masih kosong'}
        onPointerDown={begin}
        onPointerMove={(event) => last.current && draw(at(event))}
        onPointerUp={end}
        onPointerCancel={end}
      />
      <Button tone="quiet" disabled={!isSigned} onClick={clear}>
        Hapus tanda tangan
      </Button>
    </div>
  )
}
