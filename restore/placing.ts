/** Decides whether a value may be put where its placeholder stands: the URL guard, and what follows in the text. */
import { authorityEnd, hostUnitsEnd } from './hosts.ts'
import { type IssuedIndex, type IssuedMatch, matchIssued } from './issued.ts'
import { mayBegin } from './spelling.ts'
import type { VaultEntry } from './types.ts'
import { type UrlGuard, VALUE, type Verdict } from './url-guard.ts'

/** The place of a placeholder. */
export interface Place {
  readonly verdict: Verdict
  readonly mayRestore: boolean
}

/** A place outside of any URL. */
export const FREE: Place = { verdict: 'free', mayRestore: true }

/**
 * The place of `match`, which begins at `at`. In a host, and in the address of a message, the whole of it decides, so
 * `more` is said until `text` shows its end (never when `final`).
 */
export function placeAt(
  guard: UrlGuard,
  index: IssuedIndex,
  match: IssuedMatch,
  text: string,
  at: number,
  final: boolean,
): Place | 'more' {
  guard.settle()
  const { verdict } = guard
  if (verdict === 'free') return placeOutside(guard, match, text, final)
  if (verdict === 'barred') return { verdict, mayRestore: false }
  const end = verdict === 'host' ? authorityEnd(text, match.end) : addresseesEnd(text, match.end)
  if (end < 0 && !final) return 'more'
  const rest = text.slice(at, end < 0 ? text.length : end)
  const may =
    verdict === 'host'
      ? guard.allowsRest(
          rest,
          substituted(index, rest, (entry) => entry.value),
        )
      : guard.allowsAddressees(substituted(index, rest, () => VALUE))
  return { verdict, mayRestore: may }
}

/** Tells the guard what became of a placeholder: `value` where it was put back. */
export function take(guard: UrlGuard, verdict: Verdict, raw: string, value: string | undefined): void {
  if (verdict === 'host') guard.addToHost(value ?? raw)
  else if (verdict === 'addressee') guard.addAddressee(value === undefined ? raw : undefined)
  else guard.addValue(raw, value ?? raw)
}

/** Outside of a URL a value may be the first label of a bare host: `PERSON_7KQ2F.evil.example/`. */
function placeOutside(guard: UrlGuard, match: IssuedMatch, text: string, final: boolean): Place | 'more' {
  const next = text.charAt(match.end)
  if (next !== '.' && next !== '-') return FREE
  const end = hostUnitsEnd(text, match.end)
  const after = text.slice(end, end + 2)
  if (!final && (after === '' || after === ':')) return 'more'
  const may = !/^(?:[/?#]|:\d)/.test(after) || guard.allowsBare(match.entry.value, text.slice(match.end, end))
  return may ? FREE : { verdict: 'free', mayRestore: false }
}

const MAX_ADDRESSEES = 300
/** A backslash in front of anything but the `u` of an escape ends a JSON string or a line in it. */
const ADDRESSEES_END = /[?#&\s"'`<>()]|\\[^\\u]/

/** Offset of the end of the address that goes on at `from`, or -1 when `text` does not show it. */
function addresseesEnd(text: string, from: number): number {
  const at = text.slice(from, from + MAX_ADDRESSEES).search(ADDRESSEES_END)
  if (at >= 0) return from + at
  return text.length - from >= MAX_ADDRESSEES ? from + MAX_ADDRESSEES : -1
}

/** A text with all placeholders replaced, whatever stands around it. */
function substituted(index: IssuedIndex, text: string, written: (entry: VaultEntry) => string): string {
  let out = ''
  let at = 0
  while (at < text.length) {
    const unit = text.charCodeAt(at)
    const previous = at === 0 ? -1 : text.charCodeAt(at - 1)
    const may = index.trie.startsWith(unit) && mayBegin(previous, unit)
    const found = may ? matchIssued(index, text, at, true) : undefined
    if (found === undefined || found === 'more') out += text.charAt(at++)
    else {
      out += written(found.entry)
      at = found.end
    }
  }
  return out
}
