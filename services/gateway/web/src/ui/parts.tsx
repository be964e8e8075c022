// The parts of every screen.  They know no office: what is asked and what is said comes from the screens.
import type { ComponentChildren } from 'preact'
import { useEffect, useId, useRef } from 'preact/hooks'
import type { Problem } from '../api'
import { daysUntil, dueWords, longDate } from '../format'
import type { Loaded } from '../hooks'

interface FieldProps {
  label: string
  hint?: string | undefined
  error?: string | undefined
  isOptional?: boolean
  /** Which value of the command it is (JSON Pointer), so that the error summary can lead here. */
  at?: string | undefined
  /** Gets what ties the control to its label, hint and error. */
  children: (control: { id: string; 'aria-describedby'?: string; 'aria-invalid'?: 'true' }) => ComponentChildren
}

/** The id of the control for a value: "/form/purpose". */
export const fieldId = (at: string): string => `isian${at.replace(/[^A-Za-z0-9_-]/g, '-')}`

/** A label with its control, a hint and, when it was refused, the reason. */
export function Field({ label, hint, error, isOptional, at, children }: FieldProps) {
  const own = useId()
  const id = at === undefined ? own : fieldId(at)
  const described = [hint && `${id}-hint`, error && `${id}-error`].filter(Boolean).join(' ')
  return (
    <div class={error ? 'field wrong' : 'field'}>
      <label for={id}>
        {label}
        {isOptional && <span class="soft"> (boleh kosong)</span>}
      </label>
      {hint && (
        <p class="hint" id={`${id}-hint`}>
          {hint}
        </p>
      )}
      {error && (
        <p class="error" id={`${id}-error`}>
          {error}
        </p>
      )}
      {children({ id, ...(described ? { 'aria-describedby': described } : {}), ...(error ? { 'aria-invalid': 'true' as const } : {}) })}
    </div>
  )
}

/** A field with a value in it. */
interface ValueProps extends Omit<FieldProps, 'children'> {
  value: string
  onValue: (value: string) => void
}

interface TextProps extends ValueProps {
  type?: 'text' | 'password' | 'date' | 'email' | 'tel' | 'search' | 'datetime-local'
  inputMode?: 'numeric' | 'decimal' | 'text'
  autocomplete?: string
  maxLength?: number
  required?: boolean
  /** The first field of a screen: the officer begins to type at once. */
  autofocus?: boolean
  onLeave?: () => void
}

/** A field of one line. */
export function TextField({ label, hint, error, isOptional, at, value, onValue, type = 'text', autofocus, onLeave, ...rest }: TextProps) {
  const input = useRef<HTMLInputElement>(null)
  useEffect(() => {
    if (autofocus) input.current?.focus()
  }, [autofocus])
  return (
    <Field label={label} hint={hint} error={error} isOptional={isOptional ?? false} at={at}>
      {(control) => (
        <input
          {...(rest as object)}
          {...control}
          ref={input}
          type={type as 'text'}
          autocapitalize="none"
          spellcheck={false}
          value={value}
          onInput={(event) => onValue(event.currentTarget.value)}
          onBlur={() => onLeave?.()}
        />
      )}
    </Field>
  )
}

interface AreaProps extends ValueProps {
  maxLength: number
}

/** A few sentences: what officers write for letters.  One line of text to the server, so Enter makes a space. */
export function AreaField({ value, onValue, maxLength, ...field }: AreaProps) {
  return (
    <Field {...field}>
      {(control) => (
        <textarea
          {...control}
          maxLength={maxLength}
          value={value}
          onInput={(event) => onValue(event.currentTarget.value.replace(/[\r\n]+/g, ' '))}
        />
      )}
    </Field>
  )
}

interface ChoiceProps extends ValueProps {
  choices: ReadonlyArray<readonly [value: string, words: string]>
}

/** One of a few: a list that opens. */
export function SelectField({ value, onValue, choices, ...field }: ChoiceProps) {
  return (
    <Field {...field}>
      {(control) => (
        <select {...control} value={value} onChange={(event) => onValue(event.currentTarget.value)}>
          {choices.map(([one, words]) => (
            <option key={one} value={one}>
              {words}
            </option>
          ))}
        </select>
      )}
    </Field>
  )
}

interface TickProps {
  label: ComponentChildren
  isTicked: boolean
  onTick: (isTicked: boolean) => void
  error?: string | undefined
  at?: string | undefined
}

/** A statement that the officer makes: a box to tick, its words beside it. */
export function TickField({ label, isTicked, onTick, error, at }: TickProps) {
  const own = useId()
  const id = at === undefined ? own : fieldId(at)
  return (
    <div class={error ? 'field wrong' : 'field'}>
      {error && (
        <p class="error" id={`${id}-error`}>
          {error}
        </p>
      )}
      <label class="option" for={id}>
        <input
          id={id}
          type="checkbox"
          checked={isTicked}
          {...(error ? { 'aria-invalid': 'true' as const, 'aria-describedby': `${id}-error` } : {})}
          onChange={(event) => onTick(event.currentTarget.checked)}
        />
        {label}
      </label>
    </div>
  )
}

interface ButtonProps {
  tone?: 'main' | 'quiet' | 'danger'
  type?: 'button' | 'submit'
  isBusy?: boolean
  disabled?: boolean
  onClick?: () => void
  children: ComponentChildren
}

export function Button({ tone = 'main', type = 'button', isBusy = false, disabled = false, onClick, children }: ButtonProps) {
  return (
    <button type={type} class={`button ${tone}`} aria-busy={isBusy} disabled={disabled || isBusy} onClick={() => onClick?.()}>
      {children}
    </button>
  )
}

/** What went wrong, at the top of what it concerns; it takes the focus, so that it is read out. */
export function Trouble({ problem, children }: { problem?: Problem | undefined; children?: ComponentChildren }) {
  const box = useRef<HTMLDivElement>(null)
  useEffect(() => {
    if (problem) box.current?.focus()
  }, [problem])
  if (!problem) return null
  return (
    <div class="trouble" role="alert" tabIndex={-1} ref={box}>
      <p>{problem.detail}</p>
      {children}
      {problem.correlation && problem.status >= 500 && <p class="soft">Nomor untuk pengelola: {problem.correlation}</p>}
    </div>
  )
}

/** What went wrong with a command; where somebody was quicker, the way to see what is so now. */
export const Stale = ({ problem, again }: { problem: Problem | undefined; again: () => void }) => (
  <Trouble problem={problem}>
    {problem?.status === 409 && (
      <Button tone="quiet" onClick={again}>
        Muat keadaan terbaru
      </Button>
    )}
  </Trouble>
)

/** A notice that is no failure. */
export function Notice({ tone = 'plain', children }: { tone?: 'plain' | 'good' | 'warn'; children: ComponentChildren }) {
  return (
    <div class={`notice ${tone}`} role="status">
      {children}
    </div>
  )
}

/** What was asked for, or that it is on its way, or why it did not come. */
export function Shown<T>({ loaded, children }: { loaded: Loaded<T>; children: (value: T) => ComponentChildren }) {
  return (
    <>
      <Trouble problem={loaded.problem}>
        <Button tone="quiet" onClick={loaded.again}>
          Coba lagi
        </Button>
      </Trouble>
      {loaded.value !== undefined
        ? children(loaded.value)
        : loaded.isLoading && (
            <p class="soft" role="status">
              Memuat…
            </p>
          )}
    </>
  )
}

export function Badge({ tone = 'plain', children }: { tone?: 'plain' | 'good' | 'warn' | 'bad'; children: ComponentChildren }) {
  return <span class={`badge ${tone}`}>{children}</span>
}

/** A due date as it stands today: late is red, today is amber; the words say the same. */
export function Due({ on }: { on: string }) {
  const days = daysUntil(on)
  return (
    <Badge tone={days < 0 ? 'bad' : days === 0 ? 'warn' : 'plain'}>
      <time dateTime={on} title={longDate(on)}>
        {dueWords(on)}
      </time>
    </Badge>
  )
}

/** A list of what and which; rows without a value are left out. */
export function Facts({ rows }: { rows: ReadonlyArray<readonly [label: string, value: ComponentChildren]> }) {
  return (
    <dl class="facts">
      {rows
        .filter(([, value]) => value !== undefined && value !== null && value !== '')
        .map(([label, value]) => (
          <div key={label}>
            <dt>{label}</dt>
            <dd>{value}</dd>
          </div>
        ))}
    </dl>
  )
}

/** Asks before something that cannot be undone, or takes what must be said with it.  The browser's own dialog: it keeps
 * the focus, Escape closes it. */
export function Dialog({
  title,
  isOpen,
  onClose,
  children,
}: {
  title: string
  isOpen: boolean
  onClose: () => void
  children: ComponentChildren
}) {
  const box = useRef<HTMLDialogElement>(null)
  const id = useId()
  useEffect(() => {
    if (isOpen && !box.current?.open) box.current?.showModal()
    if (!isOpen && box.current?.open) box.current.close()
  }, [isOpen])
  return (
    <dialog ref={box} aria-labelledby={id} onClose={onClose}>
      <h2 id={id}>{title}</h2>
      {isOpen && children}
    </dialog>
  )
}
