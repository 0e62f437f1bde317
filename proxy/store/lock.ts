/**
 * The exclusive lock on a data directory. Node has no `flock`, process ids mean nothing between containers, and
 * a lock file alone cannot tell a dead owner from a busy one. So an owner is alive when its Unix socket accepts:
 * the kernel answers for a process that is busy, and stops answering the moment a process is gone, however it
 * went. A new start therefore takes over at once after a crash, and never from a live owner.
 *
 * Owners are numbered. `.lock/1`, `.lock/2` … each name one owner; the highest number counts. Whoever finds it
 * dead creates the next number, which the file system lets exactly one do. The highest number is never removed,
 * so no two processes can both believe that they are next.
 *
 * A socket says nothing across machines (or across two mounts of a network folder). There an owner is taken for
 * dead when the beat in its file has stood still for `staleMs`.
 */
import { randomBytes } from 'node:crypto'
import { chmod, mkdir, readdir, realpath, stat } from 'node:fs/promises'
import type { Socket } from 'node:net'
import { hostname } from 'node:os'
import { join } from 'node:path'
import type { DirectoryLock } from '../ports.ts'
import { type Claim, type ClaimFile, createClaim, type Owner, readClaim, removeClaim } from './claim.ts'
import { type Endpoint, isListening, listen, machineId } from './endpoint.ts'
import { asStoreError, StoreError } from './errors.ts'

/** A lock that is held, and the socket that shows it. */
export interface HeldLock extends DirectoryLock {
  /** Who answers connections to the directory's socket from now on; before, they are closed at once. */
  serve(onConnection: (socket: Socket) => void): void
}

/** How the lock measures time; tests pass their own. */
export interface LockOptions {
  /** How often the owner's beat changes. */
  readonly beatMs?: number
  /** How long a beat must stand still before an owner on another machine is taken for dead. */
  readonly staleMs?: number
  readonly wait?: (ms: number) => Promise<void>
  readonly machine?: string
}

/** Under the data directory. */
export const LOCK_FOLDER = '.lock'
/** Dead owners' numbers that are kept, so that a contender that slept over a change of owner notices. */
const KEPT = 4
const ATTEMPTS = 50

/**
 * Takes the directory (made when missing, mode 0700) or rejects with `StoreError` `locked`, which names who has
 * it. Takes milliseconds, but up to `staleMs` where the last owner was on another machine and left no farewell.
 */
export async function lockDirectory(dir: string, options: LockOptions = {}): Promise<HeldLock> {
  const wait = options.wait ?? ((ms) => new Promise<void>((resolve) => setTimeout(resolve, ms)))
  const timing = { beatMs: options.beatMs ?? 2_000, staleMs: options.staleMs ?? 10_000, wait }
  const folder = await makeFolder(dir)
  const realm = await realmOf(folder, options.machine)
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    const top = (await claimNumbers(folder)).at(-1) ?? 0
    const claim = top === 0 ? null : await readClaim(folder, top)
    if (top > 0 && !(await isDead(folder, top, claim, realm, timing))) throw locked(dir, claim)
    const held = await takeNext({ dir: await realpath(dir), folder, number: top + 1, realm, ...timing })
    if (held) {
      await sweep(folder, top + 1, claim)
      return held
    }
  }
  throw new StoreError('locked', `could not lock ${dir}: too many processes want it`)
}

/** The socket of whoever holds `dir` on this machine; null when nobody does or it has no socket. */
export async function ownerSocket(dir: string): Promise<string | null> {
  const folder = join(dir, LOCK_FOLDER)
  const top = (await claimNumbers(folder)).at(-1)
  const claim = top === undefined ? null : await readClaim(folder, top)
  if (!claim || claim.released || claim.owner.socket === null) return null
  const path = join(folder, claim.owner.socket)
  return (await isListening(path)) === 'yes' ? path : null
}

async function makeFolder(dir: string): Promise<string> {
  const folder = join(dir, LOCK_FOLDER)
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 })
    for (const path of [dir, folder]) {
      const { mode, uid } = await stat(path)
      // Not ours to change: a volume whose root belongs to somebody else; the files inside are 0600.
      if ((mode & 0o077) !== 0 && uid === process.getuid?.()) await chmod(path, 0o700)
    }
    return folder
  } catch (error) {
    throw asStoreError(error, `preparing ${dir}`)
  }
}

/** Sockets are decisive only inside one kernel and one mount of the folder: two mounts have two device numbers. */
async function realmOf(folder: string, machine: string | undefined): Promise<string> {
  const { dev } = await stat(folder)
  return `${machine ?? (await machineId())}:${dev}`
}

async function claimNumbers(folder: string): Promise<number[]> {
  try {
    const names = await readdir(folder)
    return names
      .filter((name) => /^[1-9][0-9]{0,14}$/.test(name))
      .map(Number)
      .sort((a, b) => a - b)
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return []
    throw asStoreError(error, 'reading the lock folder')
  }
}

type Timing = Required<Pick<LockOptions, 'beatMs' | 'staleMs' | 'wait'>>

async function isDead(
  folder: string,
  number: number,
  claim: Claim | null,
  realm: string,
  timing: Timing,
): Promise<boolean> {
  if (claim?.released) return true
  if (claim && claim.owner.socket !== null && claim.owner.realm === realm) {
    const answer = await isListening(join(folder, claim.owner.socket))
    if (answer !== 'gone') return answer === 'no'
  }
  // No word from a socket: watch the beat. A claim that cannot be read is watched too; it may be half written.
  for (let waited = 0; waited < timing.staleMs; waited += timing.beatMs / 4) {
    await timing.wait(timing.beatMs / 4)
    const now = await readClaim(folder, number)
    if (now?.released) return true
    if (now?.beat !== claim?.beat) return false
  }
  return true
}

interface Taking extends Timing {
  readonly dir: string
  readonly folder: string
  readonly number: number
  readonly realm: string
}

/** Null when another process was faster. */
async function takeNext(taking: Taking): Promise<HeldLock | null> {
  const { folder, number } = taking
  const token = randomBytes(8).toString('hex')
  let onConnection = (socket: Socket): void => void socket.destroy()
  const endpoint = await listen(folder, `${token}.sock`, (socket) => onConnection(socket))
  const owner: Owner = {
    token,
    realm: taking.realm,
    socket: endpoint?.name ?? null,
    host: hostname(),
    pid: process.pid,
    since: new Date().toISOString(),
  }
  const file = await createClaim(folder, number, owner).catch(async (error: unknown) => {
    await endpoint?.close()
    throw asStoreError(error, 'writing the lock')
  })
  const highest = file ? ((await claimNumbers(folder)).at(-1) ?? 0) : number
  if (!file || highest > number) {
    // A contender that slept while others came and went may have made a number of the past: withdraw it.
    await file?.close()
    if (file) await removeClaim(folder, number)
    await endpoint?.close()
    return null
  }
  return hold(taking, file, endpoint, (handler) => {
    onConnection = handler
  })
}

function hold(
  taking: Taking,
  file: ClaimFile,
  endpoint: Endpoint | null,
  serve: HeldLock['serve'],
): HeldLock {
  let held = true
  let releasing: Promise<void> | null = null
  const timer = setInterval(() => {
    void file.beat().then((isOurs) => {
      if (!isOurs) held = false
    })
  }, taking.beatMs)
  timer.unref()
  const release = async () => {
    held = false
    clearInterval(timer)
    await file.release()
    await endpoint?.close()
  }
  return {
    dir: taking.dir,
    isHeld: () => held,
    serve,
    release: () => {
      releasing ??= release()
      return releasing
    },
  }
}

/** Removes numbers long past and the socket file a dead owner left; failing to is harmless. */
async function sweep(folder: string, own: number, predecessor: Claim | null): Promise<void> {
  const old = (await claimNumbers(folder)).filter((number) => number <= own - KEPT)
  for (const number of old) await removeClaim(folder, number)
  if (predecessor?.owner.socket) await removeClaim(folder, predecessor.owner.socket)
}

function locked(dir: string, claim: Claim | null): StoreError {
  const owner = claim?.owner
  const who = owner ? ` (process ${owner.pid} on ${owner.host} since ${owner.since})` : ''
  return new StoreError(
    'locked',
    `${dir} is in use by another cloakroom${who}: stop it, or set data_dir to a directory of its own`,
  )
}
