/**
 * The installation's one secret and the keys derived from it. Destroying the file makes every stored hash
 * meaningless: that is how an installation is erased.
 */
import { createHmac, hkdfSync, randomBytes } from 'node:crypto'
import { chmodSync, existsSync, linkSync, mkdirSync, readFileSync, unlinkSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

const KEY_BYTES = 32
const DAY_MS = 86_400_000

/** Keys for the jobs that need one; each job has its own, so that one never reveals another. */
export interface Keyring {
  /** 32 bytes; changes every `rotateDays`. `now` in ms since the epoch. */
  placeholderKey(now: number, rotateDays: number): Uint8Array
  /** HMAC-SHA-256 of text for the audit trail, base64url, keyed per tenant. */
  contentHmac(tenant: string, texts: Iterable<string>): string
  /** 32 bytes for a named purpose, such as `findings-cache`. */
  derive(purpose: string): Uint8Array
}

/** Why the key file could not be used. */
export class KeyringError extends Error {
  override readonly name = 'KeyringError'
}

/**
 * Reads the key file, or makes it (mode 0600, in a directory of mode 0700) when `create` is set.
 * @throws KeyringError when the file is not 64 hexadecimal digits or cannot be read or made
 */
export function openKeyring(file: string, create: boolean): Keyring {
  return keyringOf(existsSync(file) || !create ? readKey(file) : makeKey(file))
}

/** Where the key file is unless the configuration names another. */
export function defaultKeyFile(dataDir: string): string {
  return join(dataDir, 'keys', 'master.key')
}

function readKey(file: string): Buffer {
  let text: string
  try {
    text = readFileSync(file, 'utf8').trim()
  } catch (cause) {
    throw new KeyringError('the key file cannot be read', { cause })
  }
  if (!/^[0-9a-f]{64}$/i.test(text)) throw new KeyringError('the key file must hold 64 hexadecimal digits')
  return Buffer.from(text, 'hex')
}

/** Written whole to a temporary name and linked: of two processes that start at once, one wins and both agree. */
function makeKey(file: string): Buffer {
  const key = randomBytes(KEY_BYTES)
  const temporary = `${file}.${process.pid}.${randomBytes(4).toString('hex')}`
  try {
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 })
    chmodSync(dirname(file), 0o700)
    writeFileSync(temporary, `${key.toString('hex')}\n`, { mode: 0o600, flag: 'wx', flush: true })
    try {
      linkSync(temporary, file)
    } finally {
      unlinkSync(temporary)
    }
    return key
  } catch (cause) {
    if (existsSync(file)) return readKey(file)
    throw new KeyringError('the key file cannot be made', { cause })
  }
}

/** The keys derived from 32 secret bytes by HKDF-SHA-256 (RFC 5869). */
export function keyringOf(master: Uint8Array): Keyring {
  const derive = (purpose: string): Uint8Array =>
    new Uint8Array(hkdfSync('sha256', master, new Uint8Array(0), `cloakroom/${purpose}`, KEY_BYTES))
  const audit = derive('audit-content')
  const tenants = new Map<string, Uint8Array>()
  let period = -1
  let placeholder: Uint8Array = new Uint8Array(0)
  return {
    derive,
    placeholderKey(now, rotateDays) {
      const current = Math.floor(now / (rotateDays * DAY_MS))
      if (current !== period) {
        placeholder = derive(`placeholder/${rotateDays}/${current}`)
        period = current
      }
      return placeholder
    },
    contentHmac(tenant, texts) {
      let key = tenants.get(tenant)
      if (key === undefined) {
        key = createHmac('sha256', audit).update(tenant).digest()
        if (tenants.size < 10_000) tenants.set(tenant, key)
      }
      const hmac = createHmac('sha256', key)
      // Each text is framed by its length, so that no two lists of texts share a hash by being cut differently.
      for (const text of texts) hmac.update(`${text.length}:`).update(text)
      return hmac.digest('base64url')
    },
  }
}
