/**
 * The token that texts are restored with: the values of one request, encrypted for the caller's tenant, for a while.
 * Whoever has it and is of the tenant can restore; the server keeps nothing.
 */
import { promisify } from 'node:util'
import { deflateRaw, inflateRaw } from 'node:zlib'
import type { Vault, VaultEntry } from '../../restore/index.ts'
import { seal, sealContext, unseal } from '../sealed.ts'

const compress = promisify(deflateRaw)
const decompress = promisify(inflateRaw)

/** How long a token can be used. */
export const TOKEN_TTL_MS = 3_600_000
/** Far more than the values of the largest body. */
const MAX_BYTES = 256 * 1024 * 1024
const BASE64URL = /^[A-Za-z0-9_-]+$/

/** What texts are restored with. */
export interface RestoreGrant {
  readonly vault: Vault
  /** Hosts of the request's texts: values go into no other URL. */
  readonly hosts: ReadonlySet<string>
}

interface TokenContent {
  /** ms since the epoch. */
  readonly expires: number
  readonly hosts: readonly string[]
  readonly entries: readonly VaultEntry[]
}

/** A token for a request's values. `key` has 32 bytes; `now` in ms since the epoch. */
export async function issueToken(
  grant: RestoreGrant,
  options: { readonly key: Uint8Array; readonly tenant: string; readonly now: number },
): Promise<string> {
  const { vault, hosts } = grant
  const content: TokenContent = {
    expires: options.now + TOKEN_TTL_MS,
    hosts: [...hosts],
    entries: [...vault.entries()],
  }
  const plain = await compress(Buffer.from(JSON.stringify(content)))
  return seal(options.key, contextOf(options.tenant), plain).toString('base64url')
}

/** What a token holds; null for one that is changed, expired, or another tenant's. */
export async function readToken(
  token: string,
  options: { readonly key: Uint8Array; readonly tenant: string; readonly now: number },
): Promise<RestoreGrant | null> {
  if (!BASE64URL.test(token)) return null
  const plain = unseal(options.key, contextOf(options.tenant), Buffer.from(token, 'base64url'))
  if (plain === null) return null
  const bytes = await decompress(plain, { maxOutputLength: MAX_BYTES })
  const { expires, hosts, entries }: TokenContent = JSON.parse(bytes.toString('utf8'))
  if (expires <= options.now) return null
  return { vault: vaultOf(entries), hosts: new Set(hosts) }
}

function contextOf(tenant: string): Buffer {
  return sealContext('restore-token', tenant)
}

/** A vault to restore from, not to issue with. */
function vaultOf(entries: readonly VaultEntry[]): Vault {
  const known = new Map(entries.map((entry) => [entry.placeholder, entry]))
  return {
    size: known.size,
    issue: () => {
      throw new RangeError('nothing is issued while restoring')
    },
    valueOf: (placeholder) => known.get(placeholder)?.value,
    entries: () => known.values(),
  }
}
