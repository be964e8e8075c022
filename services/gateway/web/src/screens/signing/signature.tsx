// The desk of the Camat: /tanda-tangan, /tanda-tangan/beberapa, /tanda-tangan/ID.
import type { ScreenProps } from '../../screens'
import { usePlace } from '../../router'
import { signatureDesk } from './desks'
import { SigningScreen } from './screen'

export default function Signature({ parts }: ScreenProps) {
  return <SigningScreen desk={signatureDesk} path={usePlace().path} application={parts['application']} />
}
