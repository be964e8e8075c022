// The desk of Kasi and Sekcam: /paraf, /paraf/beberapa, /paraf/ID.
import type { ScreenProps } from '../../screens'
import { usePlace } from '../../router'
import { parafDesk } from './desks'
import { SigningScreen } from './screen'

export default function Paraf({ parts }: ScreenProps) {
  return <SigningScreen desk={parafDesk} path={usePlace().path} application={parts['application']} />
}
