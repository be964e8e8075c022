// The applicant, and who stands at the counter for them.  The NIK is read while it is typed: it fills in birth date and sex,
// and says at once when it cannot exist.
import { today } from '../../format'
import { isFromElsewhere, NIK_LENGTH, nikFault, readNik } from '../../nik'
import { unprintableWords } from '../../printable'
import { faultAt } from '../../ui/faults'
import { Notice, SelectField, TextField } from '../../ui/parts'
import type { Fault } from '../../ui/schema'
import { sexWords } from '../../words'
import { emptyActing, type Acting, type Person } from './draft'

/** What stands above the NIK while it grows. */
const nikHint = (nik: string): string =>
  nik.length < NIK_LENGTH ? `${nik.length} dari ${NIK_LENGTH} angka` : readNik(nik, today()).fault ? '' : 'NIK terbaca.'

/** Wrong for sure, however it goes on; what is only unfinished is not. */
const earlyFault = (nik: string): string | undefined => {
  const fault = /\D/.test(nik) || nik.length >= NIK_LENGTH ? readNik(nik, today()).fault : undefined
  return fault && `NIK tidak mungkin: ${fault}.`
}

const digitsOf = (typed: string): string => typed.replace(/[\s.-]/g, '')

interface PersonFieldsProps {
  person: Person
  onPerson: (person: Person) => void
  kecamatan: string
  faults: readonly Fault[]
}

export function PersonFields({ person, onPerson, kecamatan, faults }: PersonFieldsProps) {
  const field = (name: keyof Person) => ({
    at: `/applicant/${name}`,
    value: person[name],
    error: faultAt(faults, `/applicant/${name}`),
    onValue: (value: string) => onPerson({ ...person, [name]: value }),
  })
  // A new NIK changes what an earlier one filled in, but not what the officer typed.
  const takeNik = (typed: string) => {
    const nik = digitsOf(typed)
    const before = readNik(person.nik, today())
    const now = readNik(nik, today())
    const derived = (name: 'birth_date' | 'sex', from: string | undefined, to: string | undefined) =>
      to !== undefined && (person[name] === '' || person[name] === from) ? to : person[name]
    onPerson({
      ...person,
      nik,
      birth_date: derived('birth_date', before.birthDate, now.birthDate),
      sex: derived('sex', before.sex, now.sex),
    })
  }
  return (
    <>
      <TextField
        label="NIK"
        {...field('nik')}
        onValue={takeNik}
        hint={nikHint(person.nik)}
        error={earlyFault(person.nik) ?? faultAt(faults, '/applicant/nik')}
        inputMode="numeric"
        autocomplete="off"
        maxLength={20}
        autofocus
      />
      {!readNik(person.nik, today()).fault && isFromElsewhere(person.nik, kecamatan) && (
        <Notice tone="warn">
          <p>Kode wilayah pada NIK berbeda dari kecamatan ini; periksa KTP dan KK. Pendaftaran tetap dapat dilanjutkan.</p>
        </Notice>
      )}
      <TextField label="Nama lengkap" {...field('name')} hint="Seperti pada KTP" autocomplete="off" maxLength={120} />
      <div class="pair">
        <TextField label="Tempat lahir" {...field('birth_place')} autocomplete="off" maxLength={80} />
        <TextField label="Tanggal lahir" {...field('birth_date')} type="date" />
      </div>
      <div class="pair">
        <SelectField label="Jenis kelamin" {...field('sex')} choices={[['', 'Pilih…'], ...Object.entries(sexWords)]} />
        <TextField label="Pekerjaan" {...field('job')} hint="Seperti pada KTP" autocomplete="off" maxLength={80} />
      </div>
      <TextField label="Alamat" {...field('address')} hint="Dusun/jalan, RT/RW, desa/kelurahan" autocomplete="off" maxLength={300} />
      <div class="pair">
        <TextField label="Telepon" {...field('phone')} isOptional type="tel" autocomplete="off" maxLength={30} />
        <TextField label="Surel" {...field('email')} isOptional type="email" autocomplete="off" maxLength={200} />
      </div>
    </>
  )
}

interface ActingFieldsProps {
  acting: Acting | undefined
  onActing: (acting: Acting | undefined) => void
  faults: readonly Fault[]
}

export function ActingFields({ acting, onActing, faults }: ActingFieldsProps) {
  const field = (name: keyof Acting) => ({
    at: `/acting_for/${name}`,
    value: acting?.[name] ?? '',
    error: faultAt(faults, `/acting_for/${name}`),
    onValue: (value: string) => onActing({ ...(acting ?? emptyActing), [name]: name === 'nik' ? digitsOf(value) : value }),
  })
  return (
    <>
      <label class="option">
        <input
          type="checkbox"
          checked={acting !== undefined}
          onChange={(event) => onActing(event.currentTarget.checked ? emptyActing : undefined)}
        />
        Diurus orang lain (kuasa)
      </label>
      {acting && (
        <fieldset class="inset">
          <legend>Yang datang ke loket</legend>
          <TextField
            label="NIK kuasa"
            {...field('nik')}
            error={earlyFault(acting.nik) ?? faultAt(faults, '/acting_for/nik')}
            inputMode="numeric"
            autocomplete="off"
            maxLength={20}
          />
          <TextField label="Nama kuasa" {...field('name')} autocomplete="off" maxLength={120} />
          <TextField label="Hubungan dengan pemohon" {...field('relation')} hint="misalnya anak, suami, ketua RT" maxLength={80} />
        </fieldset>
      )}
    </>
  )
}

const rule = (at: string, label: string, text: string, isRequired: boolean, pattern?: RegExp): Fault[] => {
  const value = text.trim()
  if (value === '') return isRequired ? [{ at, words: `${label} wajib diisi.` }] : []
  const words = pattern && !pattern.test(value) ? 'penulisannya tidak sesuai' : unprintableWords(value)
  return words ? [{ at, words: `${label} ${words}.` }] : []
}

const PHONE = /^\+?[0-9][0-9 ()/-]{4,29}$/
const EMAIL = /^[^\s@]+@[^\s@]+\.[^\s@]+$/

/** What the server would refuse in the people, in its words and in the order of the fields. */
export function peopleFaults(person: Person, acting: Acting | undefined): Fault[] {
  const now = today()
  const nik = (at: string, label: string, value: string, declared?: { birthDate: string; sex: string }): Fault[] => {
    if (value === '') return [{ at, words: `${label} wajib diisi.` }]
    const fault = nikFault(value, now, declared)
    return fault ? [{ at, words: `${label} tidak mungkin: ${fault}.` }] : []
  }
  const birth = person.birth_date
  return [
    ...nik('/applicant/nik', 'NIK', person.nik, { birthDate: birth, sex: person.sex }),
    ...rule('/applicant/name', 'Nama lengkap', person.name, true),
    ...rule('/applicant/birth_place', 'Tempat lahir', person.birth_place, true),
    ...(birth && (birth > now || birth < '1900') ? [{ at: '/applicant/birth_date', words: 'Tanggal lahir tidak mungkin.' }] : []),
    ...rule('/applicant/birth_date', 'Tanggal lahir', birth, true),
    ...rule('/applicant/sex', 'Jenis kelamin', person.sex, true),
    // Every KTP names one (also "Belum/Tidak Bekerja"), and letters that say it could not be drafted without.
    ...rule('/applicant/job', 'Pekerjaan', person.job, true),
    ...rule('/applicant/address', 'Alamat', person.address, true),
    ...rule('/applicant/phone', 'Telepon', person.phone, false, PHONE),
    ...rule('/applicant/email', 'Surel', person.email, false, EMAIL),
    ...(acting
      ? [
          ...nik('/acting_for/nik', 'NIK kuasa', acting.nik),
          ...rule('/acting_for/name', 'Nama kuasa', acting.name, true),
          ...rule('/acting_for/relation', 'Hubungan dengan pemohon', acting.relation, true),
        ]
      : []),
  ]
}
