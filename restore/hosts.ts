/** Names of hosts: which a request contains, and what in a text is one. */

/** An authority that is longer is cut here. */
export const MAX_AUTHORITY = 300

/** The host of an authority, lower-case, without port and final dot; undefined where it is not a plain one. */
export function hostOf(authority: string): string | undefined {
  const host = authority
    .toLowerCase()
    .replace(/:[0-9]{0,5}$/, '')
    .replace(/\.$/, '')
  // User names, escapes and brackets are where a host is hidden from a reader: `https://known@other`.
  return /^[\p{L}\p{N}\p{M}._-]+$/u.test(host) ? host : undefined
}

/**
 * The host that a run of letters, digits, dots and hyphens, with or without a port, is for programs that look for
 * addresses in plain text: at least two labels, of which the last is of letters, or four numbers. Lower-case;
 * undefined where it is none.
 */
export function bareHost(run: string): string | undefined {
  const host = hostOf(run.replace(/^[._-]+/, '').replace(IDEOGRAPHIC_DOT, '.'))
  const labels = host?.split('.') ?? []
  if (labels.length < 2 || !labels.every((label) => LABEL.test(label))) return undefined
  return TOP_LEVEL.test(labels.at(-1) ?? '') || FOUR_NUMBERS.test(host ?? '') ? host : undefined
}

/** The units of a host at the end of a text. */
export function hostUnitsAtEnd(text: string): string {
  let from = text.length
  while (from > 0 && text.length - from < MAX_AUTHORITY && isHostUnit(text.charCodeAt(from - 1))) from--
  return text.slice(from)
}

/** Offset of the first unit from `from` on that is not one of a host; the length of `text` when there is none. */
export function hostUnitsEnd(text: string, from: number): number {
  let end = from
  while (end < text.length && end - from < MAX_AUTHORITY && isHostUnit(text.charCodeAt(end))) end++
  return end
}

const FOUR_NUMBERS = /^\d{1,3}(?:\.\d{1,3}){3}$/
const TOP_LEVEL = /^(?:[\p{L}\p{M}]{2,}|xn--[a-z0-9-]+)$/u
/** Browsers read these as dots (UTS #46). */
const IDEOGRAPHIC_DOT = /[\u3002\uff0e\uff61]/g

/** Whether a unit may stand in the name of a host as people write it. */
export function isHostUnit(unit: number): boolean {
  if (unit < 0x80) return isAsciiHostUnit(unit)
  return unit >= 0xd800 && unit <= 0xdfff ? true : HOST_LETTER.test(String.fromCharCode(unit))
}

const HOST_LETTER = /[\p{L}\p{N}\p{M}\u3002\uff0e\uff61]/u

function isAsciiHostUnit(unit: number): boolean {
  const letter = unit | 0x20
  if (letter >= 0x61 && letter <= 0x7a) return true
  return (unit >= 0x30 && unit <= 0x39) || unit === 0x2e || unit === 0x2d || unit === 0x5f
}

/** Where an authority ends. */
const AUTHORITY_END = /[/?#\\\s"'`<>()]/

/** Offset of the end of the authority that goes on at `from`, or -1 when `text` does not show it. */
export function authorityEnd(text: string, from: number): number {
  const at = text.slice(from, from + MAX_AUTHORITY).search(AUTHORITY_END)
  if (at >= 0) return from + at
  return text.length - from >= MAX_AUTHORITY ? from + MAX_AUTHORITY : -1
}

const HOST = /[\p{L}\p{N}](?:[\p{L}\p{N}\p{M}_-]{0,62}[\p{L}\p{N}\p{M}])?/u
const LABEL = new RegExp(`^${HOST.source}$`, 'u')

/**
 * Every host name in some texts, lower-case: those of URLs, and those written bare (`example.com`). The domains
 * of e-mail addresses are not among them. Linear.
 */
export function hostsIn(texts: Iterable<string>): Set<string> {
  const hosts = new Set<string>()
  for (const text of texts) {
    addDotted(text, hosts)
    addSingle(text, hosts)
  }
  return hosts
}

const NOT_HOST = /[^\p{L}\p{N}\p{M}._-]/u

function isLabelUnit(text: string, at: number): boolean {
  const unit = text.charCodeAt(at)
  return unit < 0x80 ? isAsciiHostUnit(unit) : at < text.length && !NOT_HOST.test(text.charAt(at))
}

/** Names with a dot, found from their first dot. */
function addDotted(text: string, hosts: Set<string>): void {
  let done = 0
  for (let dot = text.indexOf('.'); dot >= 0; dot = text.indexOf('.', Math.max(dot + 1, done))) {
    // Most dots end a sentence.
    if (!isLabelUnit(text, dot + 1)) continue
    let start = dot
    while (start > done && dot - start < 64 && isLabelUnit(text, start - 1)) start--
    let end = dot + 1
    while (end - dot < 254 && isLabelUnit(text, end)) end++
    done = end
    if (text.charAt(start - 1) === '@' || text.charAt(end) === '@') continue
    const host = text.slice(start, end).replace(/\.+$/, '').toLowerCase()
    const labels = host.split('.')
    if (labels.length > 1 && labels.every((label) => LABEL.test(label))) hosts.add(host)
  }
}

/** Names without a dot, such as `localhost`, behind `//`. */
function addSingle(text: string, hosts: Set<string>): void {
  for (let at = text.indexOf('//'); at >= 0; at = text.indexOf('//', at + 2)) {
    const end = authorityEnd(text, at + 2)
    const authority = text.slice(at + 2, end < 0 ? text.length : end)
    const host = hostOf(authority.slice(authority.lastIndexOf('@') + 1))
    if (host !== undefined) hosts.add(host)
  }
}
