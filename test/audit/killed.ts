/** A process that appends to the audit log of a data directory until it is killed. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'

/** Runs it until it has acknowledged `enough` records from number `first` on; gives the acknowledged numbers. */
export async function appendUntilKilled(dir: string, first: number, enough: number): Promise<number[]> {
  const script = join(import.meta.dirname, 'support/appender.ts')
  const child = spawn(process.execPath, ['--import', 'tsx', script, dir, String(first)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let text = ''
  child.stdout.on('data', (chunk: Buffer) => {
    text += chunk.toString()
    if (text.split('\n').length > enough) child.kill('SIGKILL')
  })
  await once(child, 'close')
  return text.split('\n').slice(0, -1).map(Number)
}
