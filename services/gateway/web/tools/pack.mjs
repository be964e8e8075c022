// After the build: the service worker gets the list of its files; what a first visit loads must stay within the budget (bytes as sent, gzip), and everything that text
// compression helps gets its .br and .gz beside it, so that the gateway compresses nothing itself.
import { createHash } from 'node:crypto'
import { readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { brotliCompressSync, constants, gzipSync } from 'node:zlib'

const SCRIPT_MOST = 60 * 1024
const STYLE_MOST = 15 * 1024

const dist = join(dirname(fileURLToPath(import.meta.url)), '../dist')
const files = readdirSync(dist, { recursive: true })
  .map(String)
  .filter((name) => statSync(join(dist, name)).isFile() && !/\.(br|gz)$/.test(name))

// What the service worker keeps (src/worker/sw.ts): every file of this build, the page under the application's own address.
const kept = files.filter((name) => name !== 'sw.js').sort()
const version = createHash('sha256')
for (const name of [...kept, 'sw.js']) version.update(name).update(readFileSync(join(dist, name)))
const BUILD = {
  version: version.digest('hex').slice(0, 16),
  files: kept.map((name) => `/petugas/${name === 'index.html' ? '' : name}`),
}
writeFileSync(join(dist, 'sw.js'), `const BUILD=${JSON.stringify(BUILD)};${readFileSync(join(dist, 'sw.js'), 'utf8')}`)

const sent = new Map()
for (const name of files) {
  const bytes = readFileSync(join(dist, name))
  const gz = gzipSync(bytes, { level: 9 })
  sent.set(name, gz.length)
  if (!/\.(js|css|html|svg|json|webmanifest)$/.test(name) || bytes.length < 512) continue
  writeFileSync(join(dist, `${name}.gz`), gz)
  writeFileSync(join(dist, `${name}.br`), brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } }))
}

// The first load: what index.html names, and what those scripts import at once (not the screens, which come when wanted).
const first = new Set()
function follow(name) {
  if (first.has(name) || !sent.has(name)) return
  first.add(name)
  if (!name.endsWith('.js')) return
  for (const [, found] of readFileSync(join(dist, name), 'utf8').matchAll(/(?:from|import)\s*["']\.\/([^"']+)["']/g))
    follow(join(dirname(name), found))
}
for (const [, found] of readFileSync(join(dist, 'index.html'), 'utf8').matchAll(/(?:src|href)="\/petugas\/([^"]+)"/g)) follow(found)

const sum = (names, ending) => names.filter((name) => name.endsWith(ending)).reduce((total, name) => total + sent.get(name), 0)
const kB = (bytes) => `${(bytes / 1024).toFixed(1)} kB`
const script = sum([...first], '.js'),
  style = sum([...first], '.css')
console.log(
  `first load: script ${kB(script)} of ${kB(SCRIPT_MOST)}, style ${kB(style)} of ${kB(STYLE_MOST)}; all screens: script ${kB(sum(files, '.js'))}`,
)
if (script > SCRIPT_MOST || style > STYLE_MOST) {
  for (const name of first) console.error(`  ${kB(sent.get(name))}  ${relative('.', name)}`)
  console.error('over the budget: load it when it is wanted, or leave it out')
  process.exit(1)
}
