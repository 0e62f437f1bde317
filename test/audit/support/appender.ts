/** Appends records as fast as it can and prints the number of each one that was acknowledged. */
import { writeSync } from 'node:fs'
import { createAuditLog } from '../../../proxy/audit/index.ts'
import { heldLock, intent } from '../entries.ts'
import { FakeStore } from '../worlds.ts'

const [, , dir = '', first = '0'] = process.argv

const PAUSE = new Int32Array(new SharedArrayBuffer(4))

/** Synchronous: what is printed was acknowledged, whenever the process is killed. Waits while the pipe is full. */
function print(line: string): void {
  for (;;) {
    try {
      writeSync(1, line)
      return
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'EAGAIN')) throw error
      Atomics.wait(PAUSE, 0, 0, 1)
    }
  }
}

async function main(): Promise<void> {
  // A database that never opens: everything stays in the write-ahead log.
  const store = new FakeStore()
  store.opening = new Promise(() => undefined)
  const log = await createAuditLog({ lock: heldLock(dir), store, segmentBytes: 64_000, maxBacklog: 1e9 })
  let n = Number(first)
  const caller = async () => {
    for (;;) {
      const own = n
      n += 1
      await log.append(intent(own))
      print(`${own}\n`)
    }
  }
  await Promise.all(Array.from({ length: 8 }, caller))
}

void main()
