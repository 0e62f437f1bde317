/** The door to the clouds, and every kind of provider behind it. */
import { openaiProvider } from './openai.ts'
import type { CloudProvider } from './provider.ts'

export {
  createEgress,
  type EgressOptions,
  type EgressProvider,
  type EgressTimeouts,
  type LeakCheck,
  type Outgoing,
} from './egress.ts'
export { EgressError } from './egress-error.ts'
export type { CloudProvider } from './provider.ts'
export { readUpstreamError, type UpstreamErrorReport } from './upstream-error.ts'

/** All kinds of provider; adding one is adding it here. */
export const CLOUD_PROVIDERS: readonly CloudProvider[] = [openaiProvider]
