/**
 * The thread that has the model: the runtime computes without giving way, and no request should wait for that.
 * Calls are answered one after the other; one that is over is left between two windows.
 */
import { parentPort, workerData } from 'node:worker_threads'
import type { Finding } from '../../detectors/index.ts'
import { NamesError } from './errors.ts'
import { LOADING, type OnnxAnswer, type OnnxCall, type OnnxThreadOptions } from './onnx-calls.ts'
import { loadOnnxModel, type OnnxModel } from './onnx-model.ts'

function failure(id: number, error: unknown): OnnxAnswer {
  if (error instanceof NamesError) return { id, reason: error.reason, message: error.message }
  // What went wrong may quote the text, so nothing of it is passed on.
  return { id, reason: 'load_failed', message: 'the model failed' }
}

async function answerTo(
  model: OnnxModel,
  id: number,
  texts: readonly string[],
  over: ReadonlySet<number>,
): Promise<OnnxAnswer> {
  try {
    const findings: (readonly Finding[])[] = []
    for (const text of texts) findings.push(await model.find(text, () => over.has(id)))
    return { id, findings }
  } catch (error) {
    return failure(id, error)
  }
}

async function serve({ folder, minScore }: OnnxThreadOptions): Promise<void> {
  let model: OnnxModel
  try {
    model = await loadOnnxModel(folder, minScore)
  } catch (error) {
    parentPort?.postMessage(failure(LOADING, error))
    return
  }
  const over = new Set<number>()
  let last: Promise<void> = Promise.resolve()
  parentPort?.on('message', (call: OnnxCall) => {
    if ('over' in call) {
      over.add(call.id)
      return
    }
    last = last.then(async () => {
      // Lets a message that ends this call come in before it is begun.
      await new Promise((resolve) => setImmediate(resolve))
      parentPort?.postMessage(await answerTo(model, call.id, call.texts, over))
      over.delete(call.id)
    })
  })
  parentPort?.postMessage({ id: LOADING, findings: [] })
}

void serve(workerData)
