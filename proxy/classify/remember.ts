/** Classes of prompts that were classified before, so that a repeated or retried one costs a look-up. */
import { LRUCache } from 'lru-cache'
import { classify, type PromptClass } from './index.ts'

const MAX_ENTRIES = 10_000

/** Classifies, or remembers. */
export type RememberedClassify = (key: string, texts: () => readonly string[]) => PromptClass

/** `key` names the texts and must be a keyed hash: neither texts nor anything to guess them by is kept. */
export function rememberClasses(): RememberedClassify {
  const known = new LRUCache<string, PromptClass>({ max: MAX_ENTRIES })
  return (key, texts) => {
    const before = known.get(key)
    if (before !== undefined) return before
    const found = classify(texts())
    known.set(key, found)
    return found
  }
}
