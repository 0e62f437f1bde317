/** Base-85 in its three alphabets: Ascii85 (PDF, `<~ … ~>`), Z85 (ZeroMQ RFC 32), and that of RFC 1924 (git, Python). */
import { Buffer } from 'node:buffer'

const ASCII85 = Array.from({ length: 85 }, (_, i) => String.fromCharCode(33 + i)).join('')
const ALNUM_UPPER = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ'
const Z85 = `0123456789${ALNUM_UPPER.toLowerCase()}${ALNUM_UPPER}.-:+=^!/*?&<>()[]{}@%$#`
const RFC1924 = `0123456789${ALNUM_UPPER}${ALNUM_UPPER.toLowerCase()}!#$%&()*+-;<=>?@^_\`{|}~`

const tableOf = (alphabet: string): Int8Array => {
  const table = new Int8Array(128).fill(-1)
  for (let i = 0; i < alphabet.length; i += 1) table[alphabet.charCodeAt(i)] = i
  return table
}
const TABLES: readonly Int8Array[] = [ASCII85, RFC1924, Z85].map(tableOf)

/** Bytes of a token in one alphabet; null when it has other characters or a group is out of range. */
function decodeWith(table: Int8Array, token: string): Buffer | null {
  if (token.length % 5 === 1) return null
  const bytes: number[] = []
  for (let at = 0; at < token.length; at += 5) {
    const size = Math.min(5, token.length - at)
    let value = 0
    for (let i = 0; i < 5; i += 1) {
      const digit = i < size ? (table[token.charCodeAt(at + i)] ?? -1) : 84
      if (digit < 0) return null
      value = value * 85 + digit
    }
    if (value > 0xffffffff) return null
    for (let i = 0; i < size - 1; i += 1) bytes.push(Math.floor(value / 256 ** (3 - i)) % 256)
  }
  return Buffer.from(bytes)
}

/** What a token may mean, in the order of the alphabets. Linear; nothing when no alphabet has all its characters. */
export function base85(token: string): readonly Buffer[] {
  return TABLES.flatMap((table) => decodeWith(table, token) ?? [])
}
