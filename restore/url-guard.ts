/**
 * Knows where in streamed text a URL is, and whether its host is one the request contained. Values restored
 * into any other URL would go to whoever runs that host as soon as the text is rendered (an image) or followed.
 *
 * What counts as a URL: a scheme of the web with or without slashes (browsers take `https:host`), anything with
 * `//` before a host, `www.`, a bare host with a path or query behind it (programs make links of those), `mailto:` and
 * its like (a value may be the addressee, and nothing else), and anything whose scheme is hidden in HTML escapes
 * (never allowed). Backslashes
 * are read over, because Markdown and JSON take them away and browsers read them as slashes. A URL ends where
 * what opened it ends: a quoted one at the quote, one in parentheses at the closing one, a bare one at white space.
 */

import { EscapeReader, isEscapedSpace } from './escapes.ts'
import { bareHost, hostOf, hostUnitsAtEnd, isHostUnit, MAX_AUTHORITY } from './hosts.ts'

/** `path`: behind the authority. `addressee`: behind `mailto:`, before the fields of the message. */
type State = 'outside' | 'slashes' | 'authority' | 'addressee' | 'path' | 'entity'

/**
 * What the guard says of the place it has reached. `free`: a value may stand here. `host`: the host is still being
 * written. `addressee`: those a message goes to are. `barred`: it must not.
 */
export type Verdict = 'free' | 'host' | 'addressee' | 'barred'

/** A quoted URL that is never closed ends here: nothing accepts longer ones. */
const MAX_URL = 8192

const CLOSERS: Readonly<Record<string, string>> = { '(': ')', '"': '"', "'": "'", '`': '`', '<': '>' }
const SCHEME = /(?:^|[^a-z0-9+.-])(?:https?|ftps?|wss?)$/
/** Schemes that open a message to somebody, with its text in the query (RFC 6068, RFC 5724, RFC 5122). */
const MESSAGE_SCHEME = /(?:^|[^a-z0-9+.-])(?:mailto|smsto|sms|mmsto|mms|xmpp|skype|whatsapp)$/
/** What stands for a value among those a message goes to. */
export const VALUE = '\0'
/** In front of a bare host these make it a part of something else: a path, a query, a number. */
const NOT_BEFORE_HOST = '/=&?%+$'
const DIGIT = /^[0-9]$/
/** Characters of a scheme: nobody escapes them in plain text. */
const HIDDEN = /^[a-z:/\\]$/i
const ESCAPED_LETTER = /&(?:colon|sol|bsol|tab|newline|period|commat)$/

/**
 * Follows text unit by unit; see the head of this file. `allowed`: host names, lower-case. `quotesEnd`: the text is
 * JSON, where a quote ends every string; in Markdown a bare URL goes on behind one.
 */
export class UrlGuard {
  readonly #allowed: ReadonlySet<string>
  readonly #quotesEnd: boolean
  /** In JSON a host may be written in escapes. */
  readonly #escapes: EscapeReader | undefined
  #state: State = 'outside'
  /** The units before this one, lower-case, without backslashes: enough to see a scheme or escape begin. */
  #tail = ''
  #closer = ''
  #parentheses = 0
  #length = 0
  #strict = false
  #host = ''
  #entity = ''
  #isAllowed = false
  /** Whether a host ended in a sign that some take for a part of a user name: `https://known\\@other`. */
  #isDoubtful = false
  /** What may be a bare host, with its port, and the unit before it. */
  #run = ''
  #beforeRun = ''

  constructor(allowed: ReadonlySet<string>, quotesEnd: boolean) {
    this.#allowed = allowed
    this.#quotesEnd = quotesEnd
    this.#escapes = quotesEnd ? new EscapeReader() : undefined
  }

  get verdict(): Verdict {
    switch (this.#state) {
      case 'outside':
      case 'entity':
        return 'free'
      case 'path':
        return this.#isAllowed ? 'free' : 'barred'
      case 'addressee':
        return 'addressee'
      default:
        return 'host'
    }
  }

  /**
   * Whether values may go into the authority that is being written. `rest` is the rest of it as it came,
   * `restored` the same with its values. `//` in front of a word without a dot opens a comment, not a host.
   */
  allowsRest(rest: string, restored: string): boolean {
    const isComment = !this.#strict && !`${this.#host}${rest}`.includes('.')
    return isComment || this.#allows(this.#host + restored)
  }

  /**
   * Whether values may be what a message goes to: `rest` is what goes on behind what was taken, with `VALUE` for each
   * placeholder. A name or a mail box of somebody else beside a value would make the address theirs.
   */
  allowsAddressees(rest: string): boolean {
    return !/[a-z0-9@%]/i.test((this.#host + rest).replaceAll(VALUE, ''))
  }

  /** Whether `value` may stand here, outside of a URL, when `rest` up to a path or query follows: `value.evil.example/`. */
  allowsBare(value: string, rest: string): boolean {
    const host = bareHost(hostUnitsAtEnd(`${this.#run}${value}${rest}`))
    return host === undefined || this.#allowed.has(host)
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

  /** Takes a placeholder for one that a message goes to; `text` as in `addToHost`, undefined for a value. */
  addAddressee(text = VALUE): void {
    this.#host += text
  }

  /** Takes a placeholder that was put out as `value`, outside of a host. */
  addValue(raw: string, value: string): void {
    const run = this.#run
    this.advance(raw, 0, raw.length)
    if (this.#state === 'outside') this.#run = hostUnitsAtEnd(run + value)
  }

  /** Takes the units `[from, to)` of `text`. */
  advance(text: string, from: number, to: number): void {
    for (let i = from; i < to; i++) {
      const char = text.charAt(i)
      if (char !== '\\' && !this.#escapes?.isOpen) this.#take(char)
      else this.#takeAll(this.#escapes === undefined ? char : this.#escapes.read(char))
    }
  }

  /** Says that a placeholder follows: what looked like the beginning of an escape is none. */
  settle(): void {
    if (this.#escapes !== undefined) this.#takeAll(this.#escapes.settle())
  }

  #takeAll(text: string): void {
    // Readers of URLs take white space out of them, so only outside of one it is the end of something.
    if (this.#state === 'outside' && isEscapedSpace(text)) this.#take(' ')
    else for (let i = 0; i < text.length; i++) this.#take(text.charAt(i))
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
      case 'addressee':
        this.#takeAddressee(lower)
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
    if (this.#takeBare(char)) return
    if (char === ':') {
      const scheme = SCHEME.exec(tail)
      const message = scheme === null ? MESSAGE_SCHEME.exec(tail) : null
      if (scheme !== null) this.#open(scheme[0].charAt(0), true, 'slashes')
      else if (message !== null) this.#open(message[0].charAt(0), true, 'addressee')
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

  /** Follows what may be a bare host; true when `char` made it one. */
  #takeBare(char: string): boolean {
    const isInPort = this.#run.includes(':')
    if (isInPort ? DIGIT.test(char) : isHostUnit(char.charCodeAt(0))) {
      if (this.#run.length < MAX_AUTHORITY) this.#run += char
      return false
    }
    const run = this.#run
    if ((char === '/' || char === '?' || char === '#') && this.#openBare(run)) return true
    if (char === ':' && run.includes('.') && !isInPort) this.#run = `${run}:`
    else {
      this.#beforeRun = isInPort && isHostUnit(char.charCodeAt(0)) ? ':' : char
      this.#run = this.#beforeRun === char ? '' : char
    }
    return false
  }

  #openBare(run: string): boolean {
    if (run === '') return false
    if (this.#beforeRun !== '' && NOT_BEFORE_HOST.includes(this.#beforeRun)) return false
    const host = bareHost(run)
    if (host === undefined) return false
    this.#open(this.#beforeRun, true, 'path')
    this.#isAllowed = this.#allowed.has(host)
    return true
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
    this.#run = ''
    this.#isAllowed = false
    this.#isDoubtful = false
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

  #takeAddressee(char: string): void {
    if (this.#endsUrl(char) || /["'`<>()]/.test(char)) this.#close()
    else if (char === '?' || char === '#' || char === '&') this.#state = 'path'
    else this.#host += char
    if (this.#host.length > MAX_AUTHORITY) this.#state = 'path'
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
    this.#run = ''
    this.#beforeRun = ''
  }
}

function isSpace(char: string): boolean {
  return char === ' ' || char === '\n' || char === '\t' || char === '\r' || char === '\f'
}
