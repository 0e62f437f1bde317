/** A thread that is ready at once, finds nothing, and ends when it is asked about the word that it cannot bear. */
import { parentPort } from 'node:worker_threads'
import type { OnnxCall } from '../../../proxy/names/onnx-calls.ts'

parentPort?.on('message', (call: OnnxCall) => {
  if ('over' in call) return
  if (call.texts.includes('crash')) process.exit(1)
  parentPort?.postMessage({ id: call.id, findings: call.texts.map(() => []) })
})
parentPort?.postMessage({ id: 0, findings: [] })
