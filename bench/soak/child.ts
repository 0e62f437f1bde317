/** The proxy of the benchmark, in a process of its own, so that its memory is its own. */
import { loadConfig } from '../../proxy/config/load.ts'
import { startCloakroom } from '../../proxy/main.ts'

const [file = ''] = process.argv.slice(2)
process.on('message', (message) => {
  if (message !== 'memory') return
  // Twice: the first collection may only find what the second can free.
  globalThis.gc?.()
  globalThis.gc?.()
  const { rss, heapUsed, external } = process.memoryUsage()
  process.send?.({ memory: { rss, heapUsed, external } })
})
process.on('disconnect', () => process.exit(0))
const { url } = await startCloakroom(loadConfig(file, {}, process.cwd()), { logLevel: 'error' })
process.send?.({ url })
