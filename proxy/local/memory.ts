/** Whether a model fits into the machine's memory, asked before it is loaded rather than learnt by being killed. */
import { fileError, type GgufInfo } from './gguf.ts'

/** How the model is to be used. */
export interface MemoryNeeds {
  /** Null: what the model was trained for, at most `DEFAULT_CONTEXT_TOKENS`. */
  readonly contextTokens: number | null
  readonly sequences: number
}

/** Tokens of a context where none is configured. */
export const DEFAULT_CONTEXT_TOKENS = 8192
/** For the library itself and what it computes in. */
const OVERHEAD_BYTES = 64 * 1024 * 1024

/** About how many bytes a model takes on the CPU: its file, and keys and values for every token of every sequence. */
export function estimateBytes(gguf: GgufInfo, needs: MemoryNeeds): number {
  const context =
    needs.contextTokens ?? Math.min(DEFAULT_CONTEXT_TOKENS, gguf.contextLength ?? DEFAULT_CONTEXT_TOKENS)
  const remembered = (gguf.bytesPerToken ?? 0) * context * needs.sequences
  return gguf.fileBytes + remembered + OVERHEAD_BYTES
}

/** Rejects a model that does not fit: `LocalModelError` (`not_loaded`, `no_memory`) with both sizes. */
export function refuseTooLarge(
  path: string,
  gguf: GgufInfo,
  needs: MemoryNeeds,
  availableBytes: number,
): void {
  const wanted = estimateBytes(gguf, needs)
  if (wanted <= availableBytes) return
  const what = `needs about ${gigabytes(wanted)} GB of memory and ${gigabytes(availableBytes)} GB are free: choose a smaller model, context_tokens or sequences`
  throw fileError(path, 'no_memory', what)
}

function gigabytes(bytes: number): string {
  return (bytes / 1e9).toFixed(bytes < 1e9 ? 2 : 1)
}
