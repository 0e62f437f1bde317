/** Starts a file of ours in a thread of its own, compiled or as TypeScript. */
import { Worker } from 'node:worker_threads'

/**
 * A thread starts without the loader that lets Node read TypeScript. Where the sources run uncompiled it is
 * registered in the thread first.
 */
export function startThread(file: URL, workerData: unknown): Worker {
  if (!file.pathname.endsWith('.ts')) return new Worker(file, { workerData, execArgv: [] })
  const loader = JSON.stringify(import.meta.resolve('tsx/esm/api'))
  const steps = `import { register } from ${loader}; register(); await import(${JSON.stringify(file.href)})`
  return new Worker(new URL(`data:text/javascript,${encodeURIComponent(steps)}`), {
    workerData,
    execArgv: [],
  })
}
