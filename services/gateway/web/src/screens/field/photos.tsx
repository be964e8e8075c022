// Photographs of the place: from the camera or the gallery, made small at once, seen and taken out again before sending.
import { useEffect, useState } from 'preact/hooks'
import { newKey } from '../../api'
import { scaledDown } from '../../photo'
import { fileName } from '../../printable'
import '../../style/field.css'
import { Button, fieldId, Notice } from '../../ui/parts'

export interface Photo {
  id: string
  name: string
  blob: Blob
}

const LONGEST_SIDE = 1600
export const PHOTOS_MOST = 10
const AT = '/photos'

interface PhotosProps {
  photos: Photo[]
  /** On the device. */
  areKept: boolean
  onPhotos: (photos: Photo[]) => void
  error: string | undefined
}

export function PhotosField({ photos, areKept, onPhotos, error }: PhotosProps) {
  const [isBusy, setBusy] = useState(false)
  const [trouble, setTrouble] = useState('')
  const take = async (input: HTMLInputElement) => {
    const files = [...(input.files ?? [])].slice(0, PHOTOS_MOST - photos.length)
    setBusy(true)
    setTrouble('')
    const taken: Photo[] = []
    for (const file of files) {
      const blob = await scaledDown(file, LONGEST_SIDE)
      if (/^image\/(jpeg|png)$/.test(blob.type)) taken.push({ id: newKey(), name: nameOf(fileName(file.name), blob), blob })
      else setTrouble(`${file.name} bukan foto yang dapat dibaca perangkat ini. Gunakan JPEG atau PNG.`)
    }
    input.value = '' // the same picture may be chosen again
    setBusy(false)
    if (taken.length) onPhotos([...photos, ...taken])
  }
  return (
    <fieldset class={error ? 'field wrong' : 'field'} id={fieldId(AT)} tabIndex={-1}>
      <legend>Foto</legend>
      <p class="hint">
        Paling sedikit satu, paling banyak {PHOTOS_MOST}.{' '}
        {photos.length > 0 && `${photos.length} foto ${areKept ? 'tersimpan' : 'belum tersimpan'} di perangkat.`}
      </p>
      {error && <p class="error">{error}</p>}
      {trouble && <Notice tone="warn">{trouble}</Notice>}
      <ul class="photos">
        {photos.map((photo, at) => (
          <li key={photo.id}>
            <Seen blob={photo.blob} words={`Foto ${at + 1}: ${photo.name}`} />
            <Button tone="quiet" onClick={() => onPhotos(photos.filter((one) => one !== photo))}>
              Hapus foto {at + 1}
            </Button>
          </li>
        ))}
      </ul>
      {photos.length < PHOTOS_MOST && (
        <div class="actions">
          {[true, false].map((isCamera) => (
            <label class="button quiet file" key={String(isCamera)}>
              {isBusy ? 'Menyiapkan foto…' : isCamera ? 'Ambil foto' : 'Pilih dari galeri'}
              <input
                type="file"
                class="hidden-visually"
                accept="image/*"
                multiple={!isCamera}
                {...(isCamera ? { capture: 'environment' as const } : {})}
                disabled={isBusy}
                onChange={(event) => void take(event.currentTarget)}
              />
            </label>
          ))}
        </div>
      )}
    </fieldset>
  )
}

/** The archive goes by the content; the name's ending should not say otherwise. */
const nameOf = (name: string, blob: Blob): string =>
  `${name.replace(/\.[^.]*$/, '').slice(0, 200) || 'foto'}.${blob.type === 'image/png' ? 'png' : 'jpg'}`

function Seen({ blob, words }: { blob: Blob; words: string }) {
  const [url, setUrl] = useState('')
  useEffect(() => {
    const made = URL.createObjectURL(blob)
    setUrl(made)
    return () => URL.revokeObjectURL(made)
  }, [blob])
  return url ? <img src={url} alt={words} /> : null
}
