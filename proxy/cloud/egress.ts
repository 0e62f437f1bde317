/**
 * The only door to the network outside. What passes: our own serialisation of a sanitised body, to a base URL
 * of the configuration, on a path of the provider's list, with a fixed set of headers, after an independent
 * look at the exact bytes. What does not exist here: redirects, retries, other hosts, unverified TLS.
 */
import { Buffer } from 'node:buffer'
import { Pool } from 'undici'
import type { Sanitised, Vault } from '../../restore/index.ts'
import type { Egress, SendOptions, UpstreamResponse, WireObject } from '../ports.ts'
import { EgressError } from './egress-error.ts'
import type { CloudProvider } from './provider.ts'
import { receive } from './receive.ts'

/** One configured cloud. */
export interface EgressProvider {
  /** What `Destination.provider` calls it. */
  readonly name: string
  /** `https`, or `http` to a loopback address. No credentials, query or fragment. */
  readonly baseUrl: string
  /** Null: nothing can be sent there (`not_configured`). */
  readonly apiKey: string | null
  readonly provider: CloudProvider
  readonly timeouts?: Partial<EgressTimeouts>
}

/** All in ms. */
export interface EgressTimeouts {
  /** TCP and TLS. Default 10,000. */
  readonly connectMs: number
  /** From the last byte sent to the answer's headers. Default 120,000. */
  readonly headersMs: number
  /** Between two chunks of the answer. Default 60,000. */
  readonly idleMs: number
  /** The whole exchange. Default 600,000. */
  readonly totalMs: number
}

/** Everything that is about to leave. */
export interface Outgoing {
  readonly bytes: Uint8Array
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
}

/** True when a value of the vault is in there, in any form. Throwing counts as true. */
export type LeakCheck = (outgoing: Outgoing, vault: Vault) => boolean

/** What the door is made of. */
export interface EgressOptions {
  readonly providers: readonly EgressProvider[]
  readonly leakCheck: LeakCheck
  /** PEM of certificate authorities to trust besides none of the system's; absent: the system's. */
  readonly ca?: string
  /** Connections per provider. Default 256. */
  readonly connections?: number
  /** Largest answer that is not a stream, in bytes. Default 32 MiB. */
  readonly maxResponseBytes?: number
}

const DEFAULT_TIMEOUTS: EgressTimeouts = {
  connectMs: 10_000,
  headersMs: 120_000,
  idleMs: 60_000,
  totalMs: 600_000,
}
const MAX_RESPONSE_BYTES = 32 * 1024 * 1024
const LOOPBACK = new Set(['127.0.0.1', '[::1]', 'localhost'])

interface Door {
  readonly configured: EgressProvider
  readonly origin: string
  readonly basePath: string
  readonly timeouts: EgressTimeouts
  readonly pool: Pool
}

/**
 * Builds the door. Throws `EgressError` code `not_configured` for a base URL that is not https (or http to
 * loopback), or that has credentials, a query or a fragment; and for two providers of one name.
 */
export function createEgress(options: EgressOptions): Egress {
  const doors = new Map<string, Door>()
  for (const configured of options.providers) {
    if (doors.has(configured.name)) throw new EgressError('not_configured')
    doors.set(configured.name, openDoor(configured, options))
  }
  const maxBytes = options.maxResponseBytes ?? MAX_RESPONSE_BYTES
  return {
    async send(body, sendOptions, beforeFirstByte, signal) {
      const door = doorFor(doors, sendOptions)
      const outgoing = prepare(door, body, sendOptions)
      checkOutgoing(options.leakCheck, outgoing, sendOptions.vault)
      throwIfAborted(signal)
      await beforeFirstByte()
      throwIfAborted(signal)
      return dispatch(door, outgoing, sendOptions, maxBytes, signal)
    },
    async close() {
      await Promise.all([...doors.values()].map((door) => door.pool.destroy()))
    },
  }
}

function openDoor(configured: EgressProvider, options: EgressOptions): Door {
  const base = parseBaseUrl(configured.baseUrl)
  const timeouts = { ...DEFAULT_TIMEOUTS, ...configured.timeouts }
  const pool = new Pool(base.origin, {
    connections: options.connections ?? 256,
    pipelining: 1,
    allowH2: false,
    headersTimeout: timeouts.headersMs,
    bodyTimeout: timeouts.idleMs,
    // Said in so many words: the environment can switch the default off, but not this.
    connect: {
      timeout: timeouts.connectMs,
      rejectUnauthorized: true,
      ...(options.ca === undefined ? {} : { ca: options.ca }),
    },
  })
  return { configured, origin: base.origin, basePath: base.pathname.replace(/\/$/, ''), timeouts, pool }
}

function parseBaseUrl(baseUrl: string): URL {
  if (!URL.canParse(baseUrl)) throw new EgressError('not_configured')
  const url = new URL(baseUrl)
  const safe = url.protocol === 'https:' || (url.protocol === 'http:' && LOOPBACK.has(url.hostname))
  const plain = url.username === '' && url.password === '' && url.search === '' && url.hash === ''
  if (!safe || !plain) throw new EgressError('not_configured')
  return url
}

function doorFor(doors: ReadonlyMap<string, Door>, { destination, path }: SendOptions): Door {
  const door = destination.provider === null ? undefined : doors.get(destination.provider)
  if (door === undefined || destination.kind !== 'cloud') throw new EgressError('unknown_destination')
  if (!door.configured.provider.paths.includes(path)) throw new EgressError('unknown_destination')
  return door
}

function prepare(door: Door, body: Sanitised<WireObject>, { path, stream }: SendOptions): Outgoing {
  const { apiKey, provider } = door.configured
  if (apiKey === null || apiKey === '') throw new EgressError('not_configured')
  const bytes = Buffer.from(JSON.stringify(body))
  return {
    bytes,
    url: `${door.origin}${door.basePath}${path}`,
    headers: {
      ...provider.authHeaders(apiKey),
      'content-type': 'application/json',
      'content-length': String(bytes.byteLength),
      accept: stream ? 'text/event-stream' : 'application/json',
      'accept-encoding': 'identity',
      'user-agent': 'cloakroom',
    },
  }
}

function checkOutgoing(leakCheck: LeakCheck, outgoing: Outgoing, vault: Vault): void {
  let leaks = true
  try {
    leaks = leakCheck(outgoing, vault)
  } catch (error) {
    throw new EgressError('violation', error)
  }
  if (leaks) throw new EgressError('violation')
}

function throwIfAborted(signal: AbortSignal): void {
  if (signal.aborted) throw new EgressError('aborted')
}

/** Everything is checked and recorded: sends, and waits for the answer's headers. */
function dispatch(
  door: Door,
  outgoing: Outgoing,
  { path, stream }: SendOptions,
  maxBytes: number,
  signal: AbortSignal,
): Promise<UpstreamResponse> {
  return receive(
    (handler) => {
      door.pool.dispatch(
        { method: 'POST', path: `${door.basePath}${path}`, headers: outgoing.headers, body: outgoing.bytes },
        handler,
      )
    },
    { totalMs: door.timeouts.totalMs, maxBytes: stream ? Number.POSITIVE_INFINITY : maxBytes },
    signal,
  )
}
