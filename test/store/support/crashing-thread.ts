/** The database's thread, which ends when it is asked for the key `crash`. */
import { parentPort } from 'node:worker_threads'
import '../../../proxy/store/embedded-thread.ts'

parentPort?.on('message', ({ name, args }: { readonly name: string; readonly args: readonly unknown[] }) => {
  if (name === 'findKey' && args[0] === 'crash') process.exit(1)
})
