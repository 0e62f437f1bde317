/** Hashing in place: 32-bit values, no strings built, the same in training and at run time. */

/** The state of a word's hash before its first unit (FNV-1a). */
export const HASH_SEED = 0x811c9dc5 | 0

/** Adds one folded UTF-16 unit to a word's hash (FNV-1a, 32 bits). */
export function addUnit(hash: number, unit: number): number {
  return Math.imul(hash ^ unit, 0x01000193)
}

/** Mixes two 32-bit values; the order matters. Avalanche step of MurmurHash3. */
export function mix(left: number, right: number): number {
  let hash = Math.imul(left ^ (left >>> 15), 0x2c1b3c6d) + Math.imul(right ^ (right >>> 13), 0x297a2d39)
  hash ^= hash >>> 14
  return Math.imul(hash, 0x85ebca6b)
}
