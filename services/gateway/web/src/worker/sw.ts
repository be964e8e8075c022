// The service worker: opens the application without a line.  It keeps the files of one build, all of them, and nothing of
// the office's but what everybody may read and the loket cannot do without: services with their forms, the kecamatan.
//
// A new build waits until a person lets it in (src/offline/version.tsx) or all windows are closed; until the one after it comes,
// the files of the build before stay, so that a window that still works with it can open its screens.

/// <reference lib="webworker" />
import { DATA_CACHE, isReference, type Said } from './shared'

// tools/pack.mjs puts these in front of the built file.
declare const BUILD: { version: string; files: string[] }
declare const self: ServiceWorkerGlobalScope

const SHELL = '/petugas/'
const PREFIX = 'paten-build-'
const CACHE = PREFIX + BUILD.version
const NAVIGATION_MS = 4_000 // a line that is there but does not answer must not keep the officer waiting
const REFERENCE_MS = 2_000

self.addEventListener('install', (event) => {
  const files = BUILD.files.map((file) => new Request(file, { cache: 'no-cache' }))
  event.waitUntil(caches.open(CACHE).then((cache) => cache.addAll(files)))
})

self.addEventListener('activate', (event) => {
  event.waitUntil(forget().then(() => self.clients.claim()))
})

/** Keeps this build and the one before it; the browser lists caches in the order of their making. */
async function forget(): Promise<void> {
  const others = (await caches.keys()).filter((name) => name.startsWith(PREFIX) && name !== CACHE)
  await Promise.all(others.slice(0, -1).map((name) => caches.delete(name)))
}

self.addEventListener('message', (event) => {
  const said = event.data as Said
  if (said.kind === 'take-over' || (said.kind === 'i-am' && BUILD.files.includes(said.script))) void self.skipWaiting()
})

self.addEventListener('fetch', (event) => {
  const { request } = event
  const url = new URL(request.url)
  if (request.method !== 'GET' || url.origin !== self.location.origin) return
  if (request.mode === 'navigate') event.respondWith(page(request))
  else if (url.pathname.startsWith(SHELL)) event.respondWith(file(request))
  else if (isReference(url.pathname)) event.respondWith(reference(event, request))
})

const inTime = <T>(answer: Promise<T>, most_ms: number): Promise<T | undefined> =>
  Promise.race([answer, new Promise<undefined>((done) => setTimeout(() => done(undefined), most_ms))])

/** The page of now, or the one of this build when nobody answers in time. */
async function page(request: Request): Promise<Response> {
  const answer = await inTime(
    fetch(request).catch(() => undefined),
    NAVIGATION_MS,
  )
  if (answer && answer.status < 500) return answer
  const kept = await (await caches.open(CACHE)).match(SHELL)
  return kept ?? answer ?? Response.error()
}

async function file(request: Request): Promise<Response> {
  return (await caches.match(request, { ignoreVary: true })) ?? fetch(request)
}

/** What is there now: a tariff or a form may have changed.  What was kept, when nobody answers in time; the late answer is for
 * the next time. */
async function reference(event: FetchEvent, request: Request): Promise<Response> {
  const cache = await caches.open(DATA_CACHE)
  const kept = await cache.match(request, { ignoreVary: true })
  const fresh = fetch(request).then(async (answer) => {
    if (answer.ok) await cache.put(request, answer.clone())
    return answer
  })
  if (!kept) return fresh
  const soon = fresh.catch(() => undefined)
  event.waitUntil(soon)
  const answer = await inTime(soon, REFERENCE_MS)
  return answer && answer.status < 500 ? answer : kept
}
