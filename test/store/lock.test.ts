import assert from 'node:assert/strict'
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmod, mkdir, mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { after, afterEach, before, describe, it } from 'node:test'
import { type HeldLock, lockDirectory } from '../../proxy/store/index.ts'
import type { LockOptions } from '../../proxy/store/lock.ts'

let base: string
let serial = 0
const open = new Set<HeldLock>()
const children = new Set<ChildProcess>()

before(async () => {
  base = await mkdtemp(join(tmpdir(), 'cloakroom-lock-'))
})
after(() => rm(base, { recursive: true, force: true }))
afterEach(async () => {
  for (const lock of open) await lock.release()
  open.clear()
  for (const child of children) child.kill('SIGKILL')
  children.clear()
})

const freshDir = () => {
  serial += 1
  return join(base, `d${serial}`)
}

async function take(dir: string, options?: LockOptions): Promise<HeldLock> {
  const lock = await lockDirectory(dir, options)
  open.add(lock)
  return lock
}

/** A process that locks `dir`, prints `held` or the error's code, and does what stdin says. */
async function holder(dir: string): Promise<{ child: ChildProcess; line: string; next(): Promise<string> }> {
  const script = join(import.meta.dirname, 'support/lock-holder.ts')
  const child = spawn(process.execPath, ['--import', 'tsx', script, dir], {
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  children.add(child)
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  const next = async () => String((await lines.next()).value)
  return { child, line: await next(), next }
}

async function kill(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  const gone = once(child, 'exit')
  child.kill(signal)
  await gone
}

/** A wait that is over at once, and counts. */
function countedWait() {
  const waits: number[] = []
  return { waits, wait: async (ms: number) => void waits.push(ms) }
}

describe('the lock on a data directory', () => {
  it('makes the directory private and is held until it is released', async () => {
    const dir = freshDir()
    const lock = await take(dir)
    assert.equal(lock.isHeld(), true)
    assert.equal((await stat(dir)).mode & 0o777, 0o700)
    for (const name of await readdir(join(dir, '.lock'))) {
      assert.equal((await stat(join(dir, '.lock', name))).mode & 0o077, 0, name)
    }
    await lock.release()
    await lock.release()
    assert.equal(lock.isHeld(), false)
  })

  it('closes an existing directory to others', async () => {
    const dir = freshDir()
    await mkdir(dir)
    await chmod(dir, 0o755)
    await take(dir)
    assert.equal((await stat(dir)).mode & 0o777, 0o700)
  })

  it('refuses a second opener and says what to do', async () => {
    const dir = freshDir()
    await take(dir)
    await assert.rejects(take(dir), (error: Error & { code?: string }) => {
      assert.equal(error.code, 'locked')
      assert.match(error.message, new RegExp(`process ${process.pid} on .* since .*data_dir`))
      return true
    })
  })

  it('is taken again at once after a release, many times over, leaving few files', async () => {
    const dir = freshDir()
    const { waits, wait } = countedWait()
    for (let i = 0; i < 12; i += 1) {
      const lock = await take(dir, { wait })
      await lock.release()
    }
    assert.deepEqual(waits, [])
    assert.ok((await readdir(join(dir, '.lock'))).length <= 5)
  })

  it('lets exactly one of many contenders in', async () => {
    const dir = freshDir()
    for (let round = 0; round < 5; round += 1) {
      const results = await Promise.allSettled(Array.from({ length: 12 }, () => lockDirectory(dir)))
      const winners = results.filter((result) => result.status === 'fulfilled')
      assert.equal(winners.length, 1)
      for (const result of results) {
        if (result.status === 'rejected') assert.equal(result.reason.code, 'locked')
        else await result.value.release()
      }
    }
  })

  it('lets exactly one of several processes in after a crash', async () => {
    const dir = freshDir()
    const first = await holder(dir)
    assert.equal(first.line, 'held')
    await kill(first.child, 'SIGKILL')
    const contenders = await Promise.all([holder(dir), holder(dir), holder(dir)])
    assert.deepEqual(contenders.map(({ line }) => line).sort(), ['held', 'locked', 'locked'])
  })

  it('is taken over without waiting after kill -9', async () => {
    const dir = freshDir()
    const other = await holder(dir)
    await assert.rejects(take(dir), { code: 'locked' })
    await kill(other.child, 'SIGKILL')
    const { waits, wait } = countedWait()
    const lock = await take(dir, { wait })
    assert.equal(lock.isHeld(), true)
    assert.deepEqual(waits, [])
    const sockets = (await readdir(join(dir, '.lock'))).filter((name) => name.endsWith('.sock'))
    assert.equal(sockets.length, 1)
  })

  it('is never taken from a process that is too busy to answer, or stopped', async () => {
    const dir = freshDir()
    const { wait } = countedWait()
    const busy = await holder(dir)
    busy.child.stdin?.write('spin\n')
    assert.equal(await busy.next(), 'spinning')
    await assert.rejects(take(dir, { wait }), { code: 'locked' })
    busy.child.kill('SIGSTOP')
    await assert.rejects(take(dir, { wait }), { code: 'locked' })
    busy.child.kill('SIGCONT')
  })

  it('is given back by a process that exits by itself', async () => {
    const dir = freshDir()
    const other = await holder(dir)
    const gone = once(other.child, 'exit')
    other.child.stdin?.write('exit\n')
    await gone
    const { waits, wait } = countedWait()
    await take(dir, { wait })
    assert.deepEqual(waits, [])
  })

  it('waits for the beat of an owner on another machine, and does not take from one that beats', async () => {
    const dir = freshDir()
    await take(dir, { machine: 'machine-a', beatMs: 5 })
    const patient = { machine: 'machine-b', beatMs: 40, staleMs: 4_000 }
    await assert.rejects(lockDirectory(dir, patient), { code: 'locked' })
  })

  it('takes over from another machine when the beat stands still', async () => {
    const dir = freshDir()
    // An owner whose beat is far apart stands for one that died with its machine.
    await take(dir, { machine: 'machine-a', beatMs: 1_000_000 })
    const { waits, wait } = countedWait()
    const lock = await take(dir, { machine: 'machine-b', wait })
    assert.equal(lock.isHeld(), true)
    assert.equal(
      waits.reduce((sum, ms) => sum + ms, 0),
      10_000,
    )
  })

  it('takes over at once from another machine that said farewell', async () => {
    const dir = freshDir()
    const first = await take(dir, { machine: 'machine-a' })
    await first.release()
    const { waits, wait } = countedWait()
    await take(dir, { machine: 'machine-b', wait })
    assert.deepEqual(waits, [])
  })

  it('watches an owner whose socket was removed instead of taking over', async () => {
    const dir = freshDir()
    await take(dir, { beatMs: 5 })
    for (const name of await readdir(join(dir, '.lock'))) {
      if (name.endsWith('.sock')) await rm(join(dir, '.lock', name))
    }
    await assert.rejects(lockDirectory(dir, { beatMs: 40, staleMs: 4_000 }), { code: 'locked' })
  })

  it('waits for a claim that cannot be read before it is taken for dead', async () => {
    const dir = freshDir()
    await mkdir(join(dir, '.lock'), { recursive: true })
    await writeFile(join(dir, '.lock', '7'), '0        half a cl')
    const { waits, wait } = countedWait()
    await take(dir, { wait })
    assert.ok(waits.length > 0)
    assert.ok((await readdir(join(dir, '.lock'))).includes('8'))
  })

  it('notices that its directory was taken away', async () => {
    const dir = freshDir()
    const lock = await take(dir, { beatMs: 5 })
    await rm(join(dir, '.lock'), { recursive: true })
    for (let turns = 0; lock.isHeld() && turns < 1_000; turns += 1) {
      await new Promise((resolve) => setTimeout(resolve, 5))
    }
    assert.equal(lock.isHeld(), false)
  })

  it('works where the path is longer than a socket address may be', async () => {
    const dir = join(freshDir(), 'x'.repeat(120))
    const lock = await take(dir)
    if (process.platform === 'linux') {
      const sockets = (await readdir(join(dir, '.lock'))).filter((name) => name.endsWith('.sock'))
      assert.equal(sockets.length, 1)
    }
    await assert.rejects(lockDirectory(dir), { code: 'locked' })
    await lock.release()
    await take(dir)
  })

  it('says which directory cannot be used', async () => {
    const file = freshDir()
    await writeFile(file, '')
    await assert.rejects(lockDirectory(join(file, 'below')), { code: 'unavailable', message: /below/ })
  })
})
