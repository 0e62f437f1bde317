/** A multilingual name recogniser of our own: small, fast, recall first. */
export { ModelFileError, RECALL_LEVELS, type RecallLevel } from './model-file.ts'
export { createNerRecogniser, type NerOptions } from './recogniser.ts'
