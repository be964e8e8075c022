// Where the visit was: from the device, with how exact that is; typed by hand where the device does not know.
import { useState } from 'preact/hooks'
import { Button, fieldId, Notice, TextField } from '../../ui/parts'
import { faultAt } from '../../ui/faults'
import type { Fault } from '../../ui/schema'

/** As it stands in the fields. */
export interface Typed {
  latitude: string
  longitude: string
  accuracy: string
}

const AT = '/position'
const WAIT_MS = 30_000
const ROUGH_M = 100

/** "-7,1433" and "-7.1433"; a point is never a thousands separator here. */
const numberOf = (text: string): number => (/^-?\d{1,3}([.,]\d+)?$/.test(text.trim()) ? Number(text.trim().replace(',', '.')) : NaN)

export function positionOf(typed: Typed): { latitude: number; longitude: number; accuracy_m: number } | Fault {
  const latitude = numberOf(typed.latitude)
  const longitude = numberOf(typed.longitude)
  const accuracy_m = Number(typed.accuracy.trim().replace(',', '.') || NaN)
  if (!typed.latitude && !typed.longitude) return { at: AT, words: 'Posisi wajib diambil, atau diisi sendiri dari peta.' }
  if (!(Math.abs(latitude) <= 90)) return { at: `${AT}/latitude`, words: 'Lintang harus angka dari -90 sampai 90.' }
  if (!(Math.abs(longitude) <= 180)) return { at: `${AT}/longitude`, words: 'Bujur harus angka dari -180 sampai 180.' }
  if (!(accuracy_m >= 0 && accuracy_m <= 100_000)) return { at: `${AT}/accuracy_m`, words: 'Ketelitian harus angka dalam meter.' }
  return { latitude, longitude, accuracy_m }
}

const figure = (value: number) => String(Math.round(value * 1e6) / 1e6).replace('.', ',')

/** The place in words and as ways to see it on a map. */
export function mapLinks(latitude: number, longitude: number, accuracy_m: number) {
  return (
    <>
      {figure(latitude)}; {figure(longitude)} (ketelitian ± {Math.round(accuracy_m)} m) <a href={`geo:${latitude},${longitude}`}>Peta</a>
      {' · '}
      <a
        href={`https://www.openstreetmap.org/?mlat=${latitude}&mlon=${longitude}#map=18/${latitude}/${longitude}`}
        target="_blank"
        rel="noopener noreferrer"
      >
        OpenStreetMap
      </a>
    </>
  )
}

const troubleWords = (error: GeolocationPositionError): string =>
  error.code === error.PERMISSION_DENIED
    ? 'Perangkat tidak mengizinkan posisi dibaca. Izinkan lokasi untuk halaman ini, atau isi sendiri dari peta.'
    : 'Posisi belum didapat. Coba lagi di tempat terbuka, atau isi sendiri dari peta.'

interface PositionProps {
  typed: Typed
  onTyped: (typed: Typed) => void
  faults: readonly Fault[]
}

export function PositionField({ typed, onTyped, faults }: PositionProps) {
  const [isBusy, setBusy] = useState(false)
  const [trouble, setTrouble] = useState('')
  const known = positionOf(typed)
  const error = faultAt(faults, AT)
  const take = () => {
    if (!navigator.geolocation) return setTrouble('Perangkat ini tidak mengetahui posisinya. Isi sendiri dari peta.')
    setBusy(true)
    setTrouble('')
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => {
        setBusy(false)
        onTyped({ latitude: figure(coords.latitude), longitude: figure(coords.longitude), accuracy: String(Math.ceil(coords.accuracy)) })
      },
      (refusal) => {
        setBusy(false)
        setTrouble(troubleWords(refusal))
      },
      { enableHighAccuracy: true, timeout: WAIT_MS },
    )
  }
  return (
    <fieldset class={error ? 'field wrong' : 'field'} id={fieldId(AT)} tabIndex={-1}>
      <legend>Posisi</legend>
      {error && <p class="error">{error}</p>}
      <p role="status">{'latitude' in known ? mapLinks(known.latitude, known.longitude, known.accuracy_m) : 'Belum ada.'}</p>
      {trouble && <Notice tone="warn">{trouble}</Notice>}
      <Button tone="quiet" isBusy={isBusy} onClick={take}>
        {isBusy ? 'Mencari posisi…' : 'latitude' in known ? 'Ambil posisi lagi' : 'Ambil posisi perangkat'}
      </Button>
      <details open={trouble !== '' || faults.some((fault) => fault.at.startsWith(`${AT}/`))}>
        <summary>Isi posisi sendiri</summary>
        <TextField
          label="Lintang"
          hint="Contoh: -7,1433"
          at={`${AT}/latitude`}
          value={typed.latitude}
          onValue={(latitude) => onTyped({ ...typed, latitude, accuracy: typed.accuracy || String(ROUGH_M) })}
          error={faultAt(faults, `${AT}/latitude`)}
          maxLength={20}
        />
        <TextField
          label="Bujur"
          hint="Contoh: 114,5512"
          at={`${AT}/longitude`}
          value={typed.longitude}
          onValue={(longitude) => onTyped({ ...typed, longitude, accuracy: typed.accuracy || String(ROUGH_M) })}
          error={faultAt(faults, `${AT}/longitude`)}
          maxLength={20}
        />
        <TextField
          label="Ketelitian (m)"
          hint="Perkiraan jarak salahnya"
          at={`${AT}/accuracy_m`}
          inputMode="numeric"
          value={typed.accuracy}
          onValue={(accuracy) => onTyped({ ...typed, accuracy })}
          error={faultAt(faults, `${AT}/accuracy_m`)}
          maxLength={7}
        />
      </details>
    </fieldset>
  )
}
