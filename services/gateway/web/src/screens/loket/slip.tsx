// A receipt that the browser prints: on a roll of 58 or 80 mm, as long as what stands on it, so that the printer neither cuts
// nor wastes paper; or on A4, where there is no roll.  The choice is remembered on this device.
import type { ComponentChildren } from 'preact'
import { useEffect, useRef, useState } from 'preact/hooks'
import { Button, SelectField } from '../../ui/parts'

const NAME = 'paten.struk'
const WIDTHS = { '58': '58 mm', '80': '80 mm', A4: 'A4' } as const
type Width = keyof typeof WIDTHS

const asWidth = (text: string | null): Width => (text === '80' || text === 'A4' ? text : '58')

const MM_PER_PIXEL = 25.4 / 96

/** The size of the paper for this print; the policy allows no style in the page, but a sheet made by script. */
function usePaperSize(width: Width, box: { current: HTMLElement | null }, about: readonly unknown[]): void {
  useEffect(() => {
    const sheet = new CSSStyleSheet()
    const measure = () => {
      const height = Math.ceil((box.current?.scrollHeight ?? 0) * MM_PER_PIXEL) + 6
      const size = width === 'A4' ? 'size: A4; margin: 20mm' : `size: ${width}mm ${Math.max(height, 40)}mm; margin: 0`
      sheet.replaceSync(`@page { ${size} }`)
    }
    measure()
    addEventListener('beforeprint', measure)
    document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet]
    return () => {
      removeEventListener('beforeprint', measure)
      document.adoptedStyleSheets = document.adoptedStyleSheets.filter((one) => one !== sheet)
    }
  }, [width, ...about])
}

interface SlipProps {
  back: string
  /** What the paper's length depends on. */
  about: readonly unknown[]
  children: ComponentChildren
}

export function Slip({ back, about, children }: SlipProps) {
  const [width, setWidth] = useState(() => asWidth(localStorage.getItem(NAME)))
  const paper = useRef<HTMLDivElement>(null)
  usePaperSize(width, paper, about)
  const choose = (value: string) => {
    localStorage.setItem(NAME, value)
    setWidth(asWidth(value))
  }
  return (
    <>
      <div class="no-print slip-controls">
        <SelectField label="Kertas" value={width} onValue={choose} choices={Object.entries(WIDTHS)} hint="Diingat di perangkat ini." />
        <Button onClick={() => print()}>Cetak</Button>
        <a href={back}>Kembali</a>
      </div>
      <div class={`slip slip-${width}`} ref={paper}>
        {children}
      </div>
    </>
  )
}

/** One line with its label above: a roll is too narrow for two columns. */
export function SlipFact({ label, children }: { label: string; children: ComponentChildren }) {
  if (children === undefined || children === null || children === '' || children === false) return null
  return (
    <p>
      <span>{label}</span>
      <strong>{children}</strong>
    </p>
  )
}
