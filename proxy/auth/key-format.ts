/**
 * What an API key looks like: `ck_`, an id of 12 characters, `_`, 32 random bytes in base64url (43 characters)
 * and four check characters. The id is no secret and finds the key's row; the check tells a mistyped key, and
 * a secret scanner a real one, without asking the database.
 */
import { createHash } from 'node:crypto'

/** Crockford's base 32, lower case. */
const ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz'
const ID_BYTES = 8
const ID_LENGTH = 12
const SECRET_BYTES = 32
const CHECK_LENGTH = 4
const KEY = /^ck_([0-9a-hjkmnp-tv-z]{12})_[A-Za-z0-9_-]{43}[0-9a-hjkmnp-tv-z]{4}$/

/** What an id looks like. */
export const KEY_ID = /^[0-9a-hjkmnp-tv-z]{12}$/

/** A new key. `randomBytes` must give unpredictable bytes. */
export function makeKey(randomBytes: (size: number) => Uint8Array): {
  readonly id: string
  readonly key: string
} {
  const id = base32(randomBytes(ID_BYTES)).slice(0, ID_LENGTH)
  const body = `ck_${id}_${Buffer.from(randomBytes(SECRET_BYTES)).toString('base64url')}`
  return { id, key: body + checkOf(body) }
}

/** The id of a well-formed key with a right check; null for anything else. */
export function keyId(text: string): string | null {
  const id = KEY.exec(text)?.[1]
  if (id === undefined) return null
  return checkOf(text.slice(0, -CHECK_LENGTH)) === text.slice(-CHECK_LENGTH) ? id : null
}

/**
 * What is stored of a key: its SHA-256, 32 bytes. A slow password hash would add nothing: 256 random bits cannot
 * be guessed at any speed, and it would cost every request that is not cached.
 */
export function hashKey(key: string): Buffer {
  return createHash('sha256').update(key, 'utf8').digest()
}

function checkOf(body: string): string {
  const digest = createHash('sha256').update(`cloakroom key check ${body}`, 'utf8').digest()
  return base32(digest.subarray(0, 4)).slice(0, CHECK_LENGTH)
}

/** Five bits a character, most significant first; bits that do not fill a character are dropped. */
function base32(bytes: Uint8Array): string {
  let text = ''
  let value = 0
  let bits = 0
  for (const byte of bytes) {
    value = (value << 8) | byte
    bits += 8
    while (bits >= 5) {
      bits -= 5
      text += ALPHABET.charAt((value >>> bits) & 31)
    }
    value &= (1 << bits) - 1
  }
  return text
}
