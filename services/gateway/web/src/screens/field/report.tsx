// What was found at a visit, as it was recorded.
import { bytes } from '../../api'
import { moment } from '../../format'
import { Answers } from '../../ui/case_facts'
import { Badge, Facts } from '../../ui/parts'
import { Paper } from '../../ui/paper'
import { schemaOf } from './draft'
import { mapLinks } from './position'
import type { Visit } from './store'

export function Report({ visit }: { visit: Visit }) {
  const { report } = visit
  if (!report) return null
  const { latitude, longitude, accuracy_m } = report.position
  return (
    <section class="card">
      <h2>Temuan</h2>
      <p>{report.result === 'ok' ? <Badge tone="good">Dapat diteruskan</Badge> : <Badge tone="bad">Ditolak</Badge>}</p>
      <Answers schema={schemaOf(visit)} values={report.findings} />
      <Facts
        rows={[
          ['Alasan', report.reason],
          ['Dasar hukum', report.legal_basis],
          ['Dikunjungi', moment(report.visited_at) + (report.on_scheduled_day ? '' : ' (bukan pada hari surat tugas)')],
          ['Dicatat', `${moment(report.recorded_at)} oleh ${report.recorded_by.name}`],
          ['Posisi', mapLinks(latitude, longitude, accuracy_m)],
        ]}
      />
      {report.photos.map((file, at) => (
        <Paper key={file} title={`Foto ${at + 1}`} load={() => bytes('archive.file.get', { file })} about={[file]} />
      ))}
    </section>
  )
}
