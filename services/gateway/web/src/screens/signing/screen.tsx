// Which of the desk's screens the address names.
import type { Desk } from './desks'
import { SigningInbox } from './inbox'
import { SigningOne } from './one'
import { SigningSeveral } from './several'
import '../case/case.css'
import './signing.css'

interface ScreenProps {
  desk: Desk
  path: string
  application: string | undefined
}

export function SigningScreen({ desk, path, application }: ScreenProps) {
  if (path === `${desk.inbox}/beberapa`) return <SigningSeveral desk={desk} />
  return application ? <SigningOne desk={desk} application={application} /> : <SigningInbox desk={desk} />
}
