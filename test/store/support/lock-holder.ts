/** Locks a directory in a process of its own, and does what it is told. */
import { createInterface } from 'node:readline'
import { lockDirectory } from '../../../proxy/store/lock.ts'

const [, , dir = ''] = process.argv

async function main(): Promise<void> {
  try {
    await lockDirectory(dir)
    console.log('held')
  } catch (error) {
    console.log(error instanceof Error && 'code' in error ? error.code : 'failed')
    process.exit(1)
  }
  for await (const line of createInterface({ input: process.stdin })) {
    if (line === 'exit') process.exit(0)
    if (line === 'spin') {
      process.stdout.write('spinning\n', () => {
        for (;;) Math.sqrt(2)
      })
    }
  }
}

void main()
