/** What runs in a thread of `detector-threads.ts`: a text comes in, what was found in it goes out. */
import { parentPort, workerData } from 'node:worker_threads'
import { createDetectors, type Detection, type DetectorOptions } from '../detectors/index.ts'

/** The answer to a text. */
export type DetectorAnswer = Detection

const detectors = createDetectors(workerData as DetectorOptions)
parentPort?.on('message', (text: string) => {
  const answer: DetectorAnswer = detectors.detect(text)
  parentPort?.postMessage(answer)
})
