// The findings of a visit that are still on the device.
import type { Entry } from '../../offline/outbox'

export const unsentOf = (mine: readonly Entry[], application: string): Entry | undefined =>
  mine.find(
    ({ method, params, state }) =>
      method === 'inspection.visit.record' &&
      (params as { application: string }).application === application &&
      (state === 'waiting' || state === 'sending' || state === 'conflict'),
  )
