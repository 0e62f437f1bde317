/** Bytes under authenticated encryption, for what the proxy keeps or hands out and wants back unread and unchanged. */
import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto'

const VERSION = 1
const NONCE_BYTES = 12
const TAG_BYTES = 16
const ALGORITHM = 'aes-256-gcm'

/** What a sealed text is for and whom: it opens for nothing and nobody else. Framed, so that no two lists agree. */
export function sealContext(...parts: readonly string[]): Buffer {
  return Buffer.from(parts.map((part) => `${Buffer.byteLength(part)}:${part}`).join(''))
}

/** Version byte, random nonce, ciphertext, tag. `key` has 32 bytes. Source: NIST SP 800-38D. */
export function seal(key: Uint8Array, context: Uint8Array, plain: Uint8Array): Buffer {
  const nonce = randomBytes(NONCE_BYTES)
  const cipher = createCipheriv(ALGORITHM, key, nonce, { authTagLength: TAG_BYTES })
  cipher.setAAD(context)
  const body = Buffer.concat([cipher.update(plain), cipher.final()])
  return Buffer.concat([Buffer.of(VERSION), nonce, body, cipher.getAuthTag()])
}

/** What was sealed under this key and context; null for anything else. */
export function unseal(key: Uint8Array, context: Uint8Array, sealed: Uint8Array): Buffer | null {
  if (sealed.length < 1 + NONCE_BYTES + TAG_BYTES || sealed[0] !== VERSION) return null
  const end = sealed.length - TAG_BYTES
  const nonce = sealed.subarray(1, 1 + NONCE_BYTES)
  const decipher = createDecipheriv(ALGORITHM, key, nonce, { authTagLength: TAG_BYTES })
  decipher.setAAD(context)
  decipher.setAuthTag(sealed.subarray(end))
  try {
    return Buffer.concat([decipher.update(sealed.subarray(1 + NONCE_BYTES, end)), decipher.final()])
  } catch {
    // Another key, another context, or changed on the way: all the same to the caller.
    return null
  }
}
