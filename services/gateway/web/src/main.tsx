import { render } from 'preact'
import { App } from './app'
import { startSending } from './offline/sender'
import { startWorker } from './offline/version'
import { startLock } from './lock'
import './style/main.css'

const root = document.getElementById('app')
if (root) render(<App />, root)
startSending()
startWorker()
startLock()
