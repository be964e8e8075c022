// What the service worker and the windows must agree on.
export const DATA_CACHE = 'paten-reference'

/** Public answers that are kept on the device: the kecamatan, the services and their forms. */
export const isReference = (path: string): boolean => /^\/v1\/(kecamatan|services(\/[a-z][a-z0-9_-]*)?)$/.test(path)

/** What a window says to a waiting worker: "a person lets you in", or "this is the script that I run". */
export type Said = { kind: 'take-over' } | { kind: 'i-am'; script: string }
