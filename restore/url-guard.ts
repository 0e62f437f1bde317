/**
 * Knows where in streamed text a URL is, and whether its host is one the request contained. Values restored
 * into any other URL would go to whoever runs that host as soon as the text is rendered (an image) or followed.
 *
 * What counts as a URL: a scheme of the web with or without slashes (browsers take `https:host`), anything with
 * `//` before a host, `www.`, and anything whose scheme is hidden in HTML escapes (never allowed). Backslashes
 * are read over, because Markdown and JSON take them away and browsers read them as slashes. A URL ends where
 * what opened it ends: a quoted one at the quote, one in parentheses at the closing one, a bare one at white space.
 */

/** `path`: behind the authority. */
type State = 'outside' | 'slashes' | 'authority' | 'path' | 'entity'

/** A quoted URL that is never closed ends here: nothing accepts longer ones. */
const MAX_URL = 8192
const MAX_AUTHORITY = 300

const CLOSERS: Readonly<Record<string, string>> = { '(': ')', '"': '"', "'": "'", '`': '`', '<': '>' }
const SCHEME = /(?:^|[^a-z0-9+.-])(?:https?|ftps?|wss?)$/
/** Characters of a scheme: nobody escapes them in plain text. */
const HIDDEN = /^[a-z:/\\]$/i
/** The beginning of a Unicode escape, at any depth of nesting, and a whole one. */
const ESCAPE = /^\\+(?:u[0-9a-f]{0,4})?$/i
const ESCAPED = /^\\+u([0-9a-f]{4})$/i
const MAX_ESCAPE = 64
const ESCAPED_LETTER = /&(?:colon|sol|bsol|tab|newline|period|commat)$/

/**
 * Follows text unit by unit; see the head of this file. `allowed`: host names, lower-case. `quotesEnd`: the text is
 * JSON, where a quote ends every string; in Markdown a bare URL goes on behind one.
 */
export class UrlGuard {
  readonly #allowed: ReadonlySet<string>
  readonly #quotesEnd: boolean
  #state: State = 'outside'
  /** The units before this one, lower-case, without backslashes: enough to see a scheme or escape begin. */
  #tail = ''
  #closer = ''
  #parentheses = 0
  #length = 0
  #strict = false
  #host = ''
  #entity = ''
  /** In JSON: backslashes, and what may be the rest of a Unicode escape. */
  #escape = ''
  #isAllowed = false
  /** Whether a host ended in a sign that some take for a part of a user name: `https://known\\@other`. */
  #isDoubtful = false

  constructor(allowed: ReadonlySet<string>, quotesEnd: boolean) {
    this.#allowed = allowed
    this.#quotesEnd = quotesEnd
  }

  /** `free`: a value may stand here. `host`: the host is still being written. `barred`: it must not. */
  get verdict(): 'free' | 'host' | 'barred' {
    if (this.#state === 'outside' || this.#state === 'entity') return 'free'
    if (this.#state !== 'path') return 'host'
    return this.#isAllowed ? 'free' : 'barred'
  }

  /**
   * Whether values may go into the authority that is being written. `rest` is the rest of it as it came,
   * `restored` the same with its values. `//` in front of a word without a dot opens a comment, not a host.
   */
  allowsRest(rest: string, restored: string): boolean {
    const isComment = !this.#strict && !`${this.#host}${rest}`.includes('.')
    return isComment || this.#allows(this.#host + restored)
  }

  #allows(authority: string): boolean {
    const host = hostOf(authority)
    return host !== undefined && this.#allowed.has(host)
  }

  /** Takes a placeholder, as it was put out, for a part of the host. */
  addToHost(text: string): void {
    this.#state = 'authority'
    this.#host += text.toLowerCase()
  }

  /** Takes the units `[from, to)` of `text`. */
  advance(text: string, from: number, to: number): void {
    for (let i = from; i < to; i++) {
      const char = text.charAt(i)
      if (this.#escape === '' && char !== '\\') this.#take(char)
      else this.#takeEscape(char)
    }
  }

  /** Says that a placeholder follows: what looked like the beginning of an escape is none. */
  settle(): void {
    const held = this.#escape
    this.#escape = ''
    for (const char of held) this.#take(char)
  }

  /**
   * In JSON a host may be written in escapes, at any depth of nesting: `known.example\\u002eevil.example`. They are
   * read as what they are, so that nobody else reads another host.
   */
  #takeEscape(char: string): void {
    if (!this.#quotesEnd) {
      this.#take(char)
      return
    }
    const longer = this.#escape + char
    if (longer.length > MAX_ESCAPE || !ESCAPE.test(longer)) {
      this.settle()
      if (char === '\\') this.#escape = char
      else this.#take(char)
      return
    }
    const digits = ESCAPED.exec(longer)?.[1]
    if (digits === undefined) this.#escape = longer
    else {
      this.#escape = ''
      this.#take(String.fromCharCode(Number.parseInt(digits, 16)))
    }
  }

  #take(char: string): void {
    const lower = char >= 'A' && char <= 'Z' ? char.toLowerCase() : char
    switch (this.#state) {
      case 'outside':
        this.#takeOutside(lower)
        break
      case 'entity':
        this.#takeEntity(lower)
        break
      case 'slashes':
        if (lower !== '/' && lower !== '\\') {
          this.#state = 'authority'
          this.#takeAuthority(lower)
        }
        break
      case 'authority':
        this.#takeAuthority(lower)
        break
      case 'path':
        this.#takePath(lower)
        break
    }
    if (lower !== '\\')
      this.#tail = this.#tail.length > 15 ? this.#tail.slice(-10) + lower : this.#tail + lower
  }

  #takeOutside(char: string): void {
    const tail = this.#tail
    if (char === ':') {
      const scheme = SCHEME.exec(tail)
      if (scheme !== null) this.#open(scheme[0].charAt(0), true, 'slashes')
    } else if (char === '/') {
      if (tail.endsWith('/')) this.#openRelative()
    } else if (char === '.') {
      if (/(?:^|[^a-z0-9.-])www$/.test(tail)) {
        this.#open(tail.charAt(tail.length - 4), true, 'authority')
        this.#host = 'www.'
      }
    } else if (char === '#') {
      if (tail.endsWith('&')) {
        this.#state = 'entity'
        this.#entity = ''
      }
    } else if (char === ';' && ESCAPED_LETTER.test(tail)) this.#openHidden()
  }

  #openRelative(): void {
    const opener = this.#tail.charAt(this.#tail.length - 2)
    const strict = opener === ':' || opener === '=' || opener === ';' || Object.hasOwn(CLOSERS, opener)
    this.#open(opener, strict, 'authority')
  }

  #open(opener: string, strict: boolean, state: State): void {
    this.#state = state
    this.#strict = strict
    this.#closer = CLOSERS[opener] ?? (opener === '=' ? ' ' : '')
    this.#parentheses = 0
    this.#length = 0
    this.#host = ''
    this.#isAllowed = false
  }

  /** A scheme that was spelled in HTML escapes: whoever does that has something to hide. */
  #openHidden(): void {
    this.#open('', true, 'path')
  }

  #takeEntity(char: string): void {
    const longer = this.#entity + char
    if (longer.length < 10 && /^(?:x[0-9a-f]*|[0-9]+)$/.test(longer)) {
      this.#entity = longer
      return
    }
    const code = Number(this.#entity.startsWith('x') ? `0${this.#entity}` : this.#entity)
    this.#state = 'outside'
    if (HIDDEN.test(String.fromCharCode(Number.isNaN(code) ? 0 : code))) this.#openHidden()
  }

  #takeAuthority(char: string): void {
    if (this.#endsUrl(char)) {
      this.#close()
    } else if (char === '/' || char === '?' || char === '#' || char === '\\') {
      this.#endAuthority()
      this.#isDoubtful = char === '#' || char === '\\'
    } else {
      this.#host += char
      if (this.#host.length > MAX_AUTHORITY) this.#endAuthority()
    }
  }

  #endAuthority(): void {
    // `//` in source text, dates and paths: not a host.
    if (!this.#strict && !this.#host.includes('.')) {
      this.#close()
      return
    }
    this.#state = 'path'
    this.#isAllowed = this.#allows(this.#host)
  }

  #takePath(char: string): void {
    if (this.#endsUrl(char)) this.#close()
    else if (char === '/') this.#isDoubtful = false
    else if (char === '@' && this.#isDoubtful) this.#isAllowed = false
  }

  #endsUrl(char: string): boolean {
    if (++this.#length > MAX_URL) return true
    switch (this.#closer) {
      case ')':
        if (char === '(') this.#parentheses++
        return isSpace(char) || (char === ')' && this.#parentheses-- === 0)
      case '"':
      case "'":
      case '`':
        return char === this.#closer
      case '>':
        return char === '>' || char === '\n'
      case ' ':
        return isSpace(char) || char === '>'
      default:
        return isSpace(char) || char === '<' || char === '>' || (this.#quotesEnd && char === '"')
    }
  }

  #close(): void {
    this.#state = 'outside'
    this.#host = ''
  }
}

function isSpace(char: string): boolean {
  return char === ' ' || char === '\n' || char === '\t' || char === '\r' || char === '\f'
}

/** The host of an authority, lower-case, without port and final dot; undefined where it is not a plain one. */
function hostOf(authority: string): string | undefined {
  const host = authority
    .toLowerCase()
    .replace(/:[0-9]{0,5}$/, '')
    .replace(/\.$/, '')
  // User names, escapes and brackets are where a host is hidden from a reader: `https://known@other`.
  return /^[\p{L}\p{N}\p{M}._-]+$/u.test(host) ? host : undefined
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

/** Names with a dot, found from their first dot. */
function addDotted(text: string, hosts: Set<string>): void {
  let done = 0
  for (let dot = text.indexOf('.'); dot >= 0; dot = text.indexOf('.', Math.max(dot + 1, done))) {
    let start = dot
    while (start > done && !NOT_HOST.test(text.charAt(start - 1)) && dot - start < 64) start--
    let end = dot + 1
    while (end < text.length && end - dot < 254 && !NOT_HOST.test(text.charAt(end))) end++
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
