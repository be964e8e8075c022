// Invented people who come to the counter, and what they bring.
import { deflateSync } from 'node:zlib'

let serial = Math.floor(Math.random() * 9000)

/** A synthetic NIK of Ra'as: a woman born on that day of August 1990. */
export function freshNik(day = 7) {
  serial = (serial % 9999) + 1
  return `352922${day + 40}0890${String(serial).padStart(4, '0')}`
}

function crc(bytes) {
  let value = ~0
  for (const byte of bytes) {
    value ^= byte
    for (let bit = 0; bit < 8; bit++) value = (value >>> 1) ^ (value & 1 ? 0xedb88320 : 0)
  }
  return ~value >>> 0
}

function chunk(kind, data) {
  const body = Buffer.concat([Buffer.from(kind), data])
  const out = Buffer.alloc(body.length + 8)
  out.writeUInt32BE(data.length, 0)
  body.copy(out, 4)
  out.writeUInt32BE(crc(body), body.length + 4)
  return out
}

/** What an SKTM asks beyond the applicant. */
export const SKTM = {
  Keperluan: 'Keringanan biaya pendidikan',
  'Penerbit surat pengantar': 'Kepala Desa Brakas',
  'Nomor surat pengantar': '470/012/435.522.101/2026',
  'Tanggal surat pengantar': '2026-11-20',
}

/** A real PNG, for a scanned paper or a photograph; another shade is another file. */
export function picture(name = 'pengantar.png', shade = 128) {
  const [width, height] = [320, 240]
  const header = Buffer.alloc(13)
  header.writeUInt32BE(width, 0)
  header.writeUInt32BE(height, 4)
  header[8] = 8
  const rows = Buffer.alloc((width + 1) * height, shade)
  for (let y = 0; y < height; y++) rows[y * (width + 1)] = 0
  const bytes = Buffer.concat([
    Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
    chunk('IHDR', header),
    chunk('IDAT', deflateSync(rows)),
    chunk('IEND', Buffer.alloc(0)),
  ])
  return { name, mimeType: 'image/png', buffer: bytes }
}
