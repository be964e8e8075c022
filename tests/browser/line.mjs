// The line between office and kabupaten: a forwarder that can be cut, also in the midst of an answer, and mended.
import { connect, createServer } from 'node:net'
import { once } from 'node:events'

/** Forwards to `target` ("http://127.0.0.1:8080"); returns {url, cut (), mend (), close ()}. */
export async function line(target) {
  const { hostname, port } = new URL(target)
  const open = new Set()
  let isCut = false
  const server = createServer((near) => {
    if (isCut) return near.destroy()
    const far = connect(Number(port), hostname)
    for (const [one, other] of [
      [near, far],
      [far, near],
    ]) {
      open.add(one)
      one.on('error', () => undefined)
      one.on('close', () => (open.delete(one), other.destroy()))
      one.pipe(other)
    }
  })
  const drop = () => open.forEach((socket) => socket.destroy())
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${server.address().port}`,
    cut() {
      isCut = true
      drop()
    },
    mend() {
      isCut = false
    },
    close() {
      drop()
      server.close()
    },
  }
}
