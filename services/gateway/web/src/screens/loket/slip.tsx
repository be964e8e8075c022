// The receipt on a roll of 58 or 80 mm: a page of its own that the browser prints.  The width is remembered on this device;
// the length is that of what stands on it, so that the printer neither cuts nor wastes paper.
import type { ComponentChildren } from 'preact'
import { useEffect, useRef, useState } from 'preact/hooks'
import { Button, SelectField } from '../../ui/parts'

const NAME = 'paten.struk'
const WIDTHS = ['58', '80'] as const
export type Width = (typeof WIDTHS)[number]

const rememberedWidth = (): Width => (localStorage.getItem(NAME) === '80' ? '80' : '58')

const MM_PER_PIXEL = 25.4 / 96

/** The size of the paper for this print; the policy allows no style in the page, but a sheet made by script. */
function usePaperSize(width: Width, box: { current: HTMLElement | null }, about: readonly unknown[]): void {
  useEffect(() => {
    const sheet = new CSSStyleSheet()
    const measure = () => {
      const height = Math.ceil((box.current?.scrollHeight ?? 0) * MM_PER_PIXEL) + 6
      sheet.replaceSync(`@page { size: ${width}mm ${Math.max(height, 40)}mm; margin: 0 }`)
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
  const [width, setWidth] = useState(rememberedWidth)
  const paper = useRef<HTMLDivElement>(null)
  usePaperSize(width, paper, about)
  const choose = (value: string) => {
    const chosen = WIDTHS.find((one) => one === value) ?? '58'
    localStorage.setItem(NAME, chosen)
    setWidth(chosen)
  }
  return (
    <>
      <div class="no-print slip-controls">
        <SelectField
          label="Lebar kertas"
          value={width}
          onValue={choose}
          choices={WIDTHS.map((one) => [one, `${one} mm`] as const)}
          hint="Diingat di perangkat ini."
        />
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
