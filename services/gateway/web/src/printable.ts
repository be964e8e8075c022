// Which characters our documents can print: the same ranges as text_is_printable () in common/text.c, which refuses the
// rest at the door.  Here the officer is told while typing, not after sending.
const RANGES: ReadonlyArray<readonly [first: number, last: number]> = [
  [0x0020, 0x007e],
  [0x00a1, 0x00ac],
  [0x00ae, 0x017f],
  [0x0218, 0x021b],
  [0x1e80, 0x1e85],
  [0x1ef2, 0x1ef3],
  [0x2013, 0x2015],
  [0x2018, 0x201e],
  [0x2020, 0x2022],
  [0x2026, 0x2026],
  [0x2030, 0x2030],
  [0x2032, 0x2033],
  [0x2039, 0x203a],
  [0x2074, 0x2079],
  [0x20ac, 0x20ac],
  [0x2116, 0x2116],
  [0x2122, 0x2122],
  [0x2190, 0x2193],
  [0x2212, 0x2212],
  [0x2248, 0x2248],
  [0x2260, 0x2260],
  [0x2264, 0x2265],
]

/** What goes out: one line, without blanks around it (a pasted line break or tab becomes a blank). */
export const oneLine = (text: string): string => text.replace(/[\t\r\n]+/g, ' ').trim()

/** A file's name without control characters and the marks that turn the direction of what follows: the gateway refuses them,
 * and in a list they would make it look like another. */
export const fileName = (name: string): string => name.replace(/[\p{Cc}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu, '').slice(-200)

/** The first character of the text that no document can print, or nothing. */
export function unprintable(text: string): string | undefined {
  return [...text].find((one) => {
    const code = one.codePointAt(0) ?? 0
    return !RANGES.some(([first, last]) => code >= first && code <= last)
  })
}

/** The rule in an officer's words, or nothing when all can be printed. */
export function unprintableWords(text: string): string | undefined {
  const found = unprintable(text)
  return found === undefined ? undefined : `memuat karakter yang tidak dapat dicetak (${found}); gunakan huruf Latin tanpa emoji`
}
