/** The file that names one owner of a data directory: a beat of fixed width, then who it is. */
import { link, open, readFile, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'

const OWNER = z.object({
  /** Random; names the owner. */
  token: z.string().regex(/^[0-9a-f]{16}$/),
  /** Machine and mount in which its socket can be reached. */
  realm: z.string().max(200),
  /** File name beside this file, or null where sockets do not work. */
  socket: z
    .string()
    .regex(/^[0-9a-f]{16}\.sock$/)
    .nullable(),
  /** For the person who reads the error, like the two below. */
  host: z.string().max(255),
  pid: z.number().int(),
  since: z.string().max(40),
})

/** Who has, or had, the directory. */
export type Owner = z.infer<typeof OWNER>

/** An owner's file as read. `beat` changes while the owner lives; `released` after it let go. */
export interface Claim {
  readonly beat: string
  readonly released: boolean
  readonly owner: Owner
}

/** The file of an owner in its own hands. */
export interface ClaimFile {
  /** Shows that the owner lives. False once the file is gone or somebody else's. */
  beat(): Promise<boolean>
  /** Says farewell, so that nobody needs to wait. */
  release(): Promise<void>
  close(): Promise<void>
}

const BEAT_WIDTH = 16
const RELEASED = 'released'.padEnd(BEAT_WIDTH)
const MAX_BYTES = 4_096

/** Null when the file is missing, half written or not one of ours. */
export async function readClaim(folder: string, number: number): Promise<Claim | null> {
  try {
    const text = await readFile(join(folder, String(number)), 'utf8')
    if (text.length > MAX_BYTES) return null
    const beat = text.slice(0, BEAT_WIDTH)
    const owner = OWNER.safeParse(JSON.parse(text.slice(BEAT_WIDTH)))
    return owner.success ? { beat, released: beat === RELEASED, owner: owner.data } : null
  } catch {
    // Missing or not JSON: the caller waits for what it becomes.
    return null
  }
}

/** Makes `folder/number` with its whole content in one step; null when it exists. */
export async function createClaim(folder: string, number: number, owner: Owner): Promise<ClaimFile | null> {
  const path = join(folder, String(number))
  const draft = join(folder, `${owner.token}.tmp`)
  const text = `${beatText(0)}${JSON.stringify(owner)}\n`
  const handle = await open(draft, 'wx+', 0o600)
  try {
    await handle.writeFile(text)
    await link(draft, path)
  } catch (error) {
    await handle.close()
    await rm(draft, { force: true })
    if (hasCode(error, 'EEXIST')) return null
    if (hasCode(error, 'EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EINVAL')) {
      return createWithoutLink(path, text)
    }
    throw error
  }
  await rm(draft, { force: true })
  return claimFile(handle, path)
}

/** Some file systems have no hard links. A reader may meet the file half written, and then waits. */
async function createWithoutLink(path: string, text: string): Promise<ClaimFile | null> {
  try {
    const handle = await open(path, 'wx+', 0o600)
    await handle.write(text, 0)
    return claimFile(handle, path)
  } catch (error) {
    if (hasCode(error, 'EEXIST')) return null
    throw error
  }
}

type FileHandle = Awaited<ReturnType<typeof open>>

function claimFile(handle: FileHandle, path: string): ClaimFile {
  let beats = 0
  let closed = false
  let writing: Promise<unknown> = Promise.resolve()
  // One write after the other: a beat must not overtake the farewell. In place and of the same width, so that a
  // full disk does not matter; one beat missed is no harm.
  const write = (text: string): Promise<unknown> => {
    writing = writing.then(() => handle.write(text, 0)).catch(() => undefined)
    return writing
  }
  const close = async () => {
    if (closed) return
    closed = true
    await writing
    await handle.close()
  }
  return {
    close,
    beat: async () => {
      if (closed) return false
      beats += 1
      await write(beatText(beats))
      return closed || (await isSameFile(handle, path))
    },
    release: async () => {
      if (closed) return
      await write(RELEASED)
      await close()
    },
  }
}

/** False only when it is certain: the path is gone or is another file. */
async function isSameFile(handle: FileHandle, path: string): Promise<boolean> {
  try {
    const [ours, there] = await Promise.all([handle.stat(), stat(path)])
    return ours.ino === there.ino && ours.dev === there.dev
  } catch (error) {
    return !hasCode(error, 'ENOENT')
  }
}

/** Removes a file of the lock folder; one that is gone is fine. */
export async function removeClaim(folder: string, name: number | string): Promise<void> {
  await rm(join(folder, String(name)), { force: true })
}

function beatText(beats: number): string {
  return String(beats).padEnd(BEAT_WIDTH)
}

function hasCode(error: unknown, ...codes: readonly string[]): boolean {
  return error instanceof Error && 'code' in error && codes.includes(String(error.code))
}
