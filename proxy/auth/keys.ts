/** API keys: made, listed and revoked over the store; told apart by hash, in constant time. */
import { timingSafeEqual } from 'node:crypto'
import { LRUCache } from 'lru-cache'
import {
  type ApiKeyRecord,
  type Authenticator,
  type KeyStore,
  PRINCIPAL_NAME,
  type Principal,
} from '../ports.ts'
import { bearerOf } from './bearer.ts'
import { AuthError } from './errors.ts'
import { hashKey, KEY_ID, keyId, makeKey } from './key-format.ts'
import { isScope, SCOPES } from './scopes.ts'

/** Whom a new key is for. Names are `PRINCIPAL_NAME`s, scopes some of `SCOPES`. */
export interface NewKey {
  readonly team: string
  readonly user: string
  readonly region?: string | null
  readonly scopes?: readonly string[]
}

/** A key as it may be shown: everything but the hash. */
export type KeyListing = Omit<ApiKeyRecord, 'hash'>

/**
 * Makes and stores a key; `key` in the result is shown now or never. Rejects with `AuthError` `invalid` when a
 * name or scope has the wrong form, and with `StoreError`.
 */
export async function addKey(
  store: KeyStore,
  wanted: NewKey,
  world: { readonly now: number; readonly randomBytes: (size: number) => Uint8Array },
): Promise<KeyListing & { readonly key: string }> {
  const { team, user, region = null, scopes = ['chat'] } = wanted
  checkName('team', team)
  checkName('user', user)
  if (region !== null) checkName('region', region)
  const unknown = scopes.some((scope) => !isScope(scope))
  if (unknown) throw new AuthError('invalid', `a scope is one of ${SCOPES.join(', ')}`)
  const { id, key } = makeKey(world.randomBytes)
  const listing = { id, team, user, region, scopes: [...new Set(scopes)], created: world.now, revoked: null }
  await store.addKey({ ...listing, hash: hashKey(key).toString('hex') })
  return { ...listing, key }
}

/** All keys, revoked ones too, oldest first. Rejects with `StoreError`. */
export async function listKeys(store: KeyStore): Promise<readonly KeyListing[]> {
  return (await store.listKeys()).map(({ hash: _, ...listing }) => listing)
}

/**
 * Revokes a key for good; false when there is none of that id or it is revoked already. A running proxy notices
 * within `CACHE_MS`. Rejects with `StoreError`.
 */
export async function revokeKey(store: KeyStore, id: string, now: number): Promise<boolean> {
  return KEY_ID.test(id) ? store.revokeKey(id, now) : false
}

/** Authentication by key. */
export interface KeyAuthenticator extends Authenticator {
  /** Asks the database about this key again at its next use. */
  forget(id: string): void
}

/** How long what the database said about a key is believed. */
export const CACHE_MS = 5_000
/** The same for ids that it does not know. */
const UNKNOWN_MS = 1_000
const CACHED_KEYS = 10_000
const CACHED_UNKNOWN = 1_000
/** Look-ups of ids never seen at a time: a flood of invented ones must not fill the database's queue. */
const MAX_LOOKUPS = 32

interface Known {
  readonly row: ApiKeyRecord
  readonly hash: Buffer
  readonly principal: Principal
  readonly at: number
}

/** Rejects with `AuthError`; `unavailable` when the key is not cached and the database cannot be asked. */
export function createKeyAuthenticator(store: Pick<KeyStore, 'findKey'>): KeyAuthenticator {
  const known = new LRUCache<string, Known>({ max: CACHED_KEYS })
  const unknown = new LRUCache<string, { readonly at: number }>({ max: CACHED_UNKNOWN })
  const asking = new Map<string, Promise<Known | null>>()

  const ask = async (id: string, now: number): Promise<Known | null> => {
    try {
      const row = await store.findKey(id)
      if (!row) {
        known.delete(id)
        unknown.set(id, { at: now })
        return null
      }
      const entry = { row, hash: Buffer.from(row.hash, 'hex'), principal: principalOf(row), at: now }
      known.set(id, entry)
      return entry
    } catch {
      throw new AuthError('unavailable', 'the key database cannot be asked')
    }
  }
  const lookUp = (id: string, now: number): Promise<Known | null> => {
    const running = asking.get(id)
    if (running) return running
    if (asking.size >= MAX_LOOKUPS && !known.has(id)) {
      throw new AuthError('unavailable', 'too many unknown keys are being looked up')
    }
    const answer = ask(id, now).finally(() => asking.delete(id))
    asking.set(id, answer)
    return answer
  }
  const later = async (id: string, key: string, now: number) => check(await lookUp(id, now), key)

  return {
    authenticate: (authorization, now) => {
      const key = bearerOf(authorization)
      const id = keyId(key)
      if (id === null) throw new AuthError('invalid', 'not an API key of this proxy')
      const cached = known.get(id)
      if (cached && isFresh(cached, now, CACHE_MS)) return check(cached, key)
      const missed = unknown.get(id)
      if (missed && isFresh(missed, now, UNKNOWN_MS)) return check(null, key)
      return later(id, key, now)
    },
    forget: (id) => {
      known.delete(id)
      unknown.delete(id)
    },
  }
}

/** A clock that ran backwards makes nothing fresh. */
function isFresh(entry: { readonly at: number }, now: number, ms: number): boolean {
  return now >= entry.at && now - entry.at < ms
}

const NO_HASH = Buffer.alloc(32)

/** The same work whether the id exists, the secret is wrong or the key is revoked; then the same error. */
function check(found: Known | null, key: string): Principal {
  const hash = hashKey(key)
  const stored = found && found.hash.length === hash.length ? found.hash : NO_HASH
  const isRight = timingSafeEqual(hash, stored)
  if (!isRight || !found || found.row.revoked !== null) {
    throw new AuthError('invalid', 'no such key, or it was revoked')
  }
  return found.principal
}

function principalOf(row: ApiKeyRecord): Principal {
  const { id, user, team, region, scopes } = row
  return { user, team, region, roles: [], key: id, scopes }
}

function checkName(field: string, name: string): void {
  if (!PRINCIPAL_NAME.test(name)) {
    throw new AuthError('invalid', `${field}: 1 to 128 letters, digits or ._@|:+/=~- and no space`)
  }
}
