/** Checks of a model file before anything loads it. */
import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import { abortedError } from './errors.ts'
import { fileError, type GgufInfo, readGguf } from './gguf.ts'

/** A model file that was read through: its size in bytes, lower-case hexadecimal SHA-256, and header. */
export interface CheckedModelFile {
  readonly path: string
  readonly bytes: number
  readonly sha256: string
  readonly gguf: GgufInfo
}

/** Progress of a long hash: bytes done of bytes in all. */
export type HashProgress = (done: number, total: number) => void

/**
 * The SHA-256 of a file, lower-case hexadecimal, read in pieces so that memory stays flat.
 * Rejects with `LocalModelError`: `missing`, `unreadable`, or `aborted` when the signal fires.
 */
export async function hashFile(
  path: string,
  signal?: AbortSignal,
  onProgress?: HashProgress,
): Promise<string> {
  const hash = createHash('sha256')
  let done = 0
  try {
    const total = (await stat(path)).size
    for await (const block of createReadStream(path, { highWaterMark: 4 * 1024 * 1024, signal })) {
      hash.update(block)
      done += block.length
      onProgress?.(done, total)
    }
  } catch (error) {
    if (signal?.aborted === true) throw abortedError()
    const missing = error instanceof Error && 'code' in error && error.code === 'ENOENT'
    throw fileError(
      path,
      missing ? 'missing' : 'unreadable',
      missing ? 'does not exist' : 'cannot be read',
      error,
    )
  }
  return hash.digest('hex')
}

/**
 * Reads a model file's header and hashes it whole. Rejects with `LocalModelError` and the reasons of `readGguf`.
 */
export async function inspectModelFile(
  path: string,
  signal?: AbortSignal,
  onProgress?: HashProgress,
): Promise<CheckedModelFile> {
  const gguf = await readGguf(path)
  const sha256 = await hashFile(path, signal, onProgress)
  return { path, bytes: (await stat(path)).size, sha256, gguf }
}

/**
 * What must hold before a model file is loaded: a whole GGUF file and, where a hash is configured, exactly these
 * bytes. Rejects with `LocalModelError` (`not_loaded`) and the reasons of `readGguf`, or `hash_mismatch`.
 */
export async function verifyModelFile(
  path: string,
  expectedSha256: string | null,
  signal?: AbortSignal,
): Promise<GgufInfo> {
  if (expectedSha256 === null) return readGguf(path)
  const { gguf, sha256 } = await inspectModelFile(path, signal)
  if (sha256 !== expectedSha256.toLowerCase()) {
    throw fileError(path, 'hash_mismatch', `has SHA-256 ${sha256}, not the configured one: it is refused`)
  }
  return gguf
}

/**
 * Asks again, before a file is loaded another time, whether it is the one that was verified: by its size and times, and
 * where these differ by its hash. Take it before `verifyModelFile`. The check rejects as `verifyModelFile` does.
 */
export async function recheckOf(path: string, expectedSha256: string | null): Promise<() => Promise<void>> {
  let verified = await identityOf(path)
  return async () => {
    const now = await identityOf(path)
    if (now !== null && now === verified) return
    await verifyModelFile(path, expectedSha256)
    verified = now
  }
}

/** What changes when a file is written or replaced; null where there is none. */
async function identityOf(path: string): Promise<string | null> {
  try {
    const { dev, ino, size, mtimeNs, ctimeNs } = await stat(path, { bigint: true })
    return [dev, ino, size, mtimeNs, ctimeNs].join(' ')
  } catch {
    return null // whoever opens it says what is wrong
  }
}
