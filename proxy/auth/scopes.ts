/** What a principal may be allowed to do; `chat` alone when nothing is named. */
export const SCOPES = ['chat', 'audit', 'admin'] as const
/** One of `SCOPES`. */
export type Scope = (typeof SCOPES)[number]

/** Whether a word names a scope. */
export function isScope(word: string): word is Scope {
  return SCOPES.some((scope) => scope === word)
}
