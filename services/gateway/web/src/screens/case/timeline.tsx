// The line of what happened to an application.  The marks repeat what the words say; nothing is told by colour alone.
import { agoWords, moment } from '../../format'
import { Facts } from '../../ui/parts'
import type { Happening } from './events'

const marks: Record<Happening['kind'], string> = { done: '✓', back: '↩', now: '●', told: '✉' }

export function Timeline({ all }: { all: Happening[] }) {
  return (
    <ol class="happenings">
      {all.map((one, at) => (
        <li key={`${one.at} ${at}`} class={one.kind} aria-current={one.kind === 'now' ? 'step' : undefined}>
          <span class="mark" aria-hidden="true">
            {marks[one.kind]}
          </span>
          <p class="what">{one.title}</p>
          {one.text && <p>{one.text}</p>}
          <p class="soft">
            {one.kind === 'now' && 'sejak '}
            <time dateTime={one.at}>{moment(one.at)}</time>
            {one.kind === 'now' && ` (${agoWords(one.at)})`}
            {one.by && ` · ${one.by}`}
          </p>
          {one.more.length > 0 && <Facts rows={one.more} />}
        </li>
      ))}
    </ol>
  )
}
