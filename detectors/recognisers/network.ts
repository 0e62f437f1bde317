/** Addresses of machines and pages: IP, MAC, URL. */
import { definePattern, example } from '../define.ts'
import { type TextScan, WordTable } from '../scan.ts'
import { scanOf } from '../text.ts'
import type { Finding, Recogniser, Span } from '../types.ts'

const OCTET = '(?:25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])'
const IPV4 = `${OCTET}(?:\\.${OCTET}){3}`

const VERSION_BEFORE = /(?:\bv|ver|version|release|build|firmware|rev|revision|driver|update)[ .:=]{0,3}$/iu

/** Dotted IPv4, with a prefix length if there is one. Four-part version numbers are told by the word before them. */
const ipv4 = definePattern({
  id: 'ipv4',
  entity: 'IP_ADDRESS',
  pattern: new RegExp(
    `(?<![\\p{L}\\p{N}_.]|[0-9]-)${IPV4}(?:/(?:3[0-2]|[12]?[0-9])(?![0-9]))?(?![\\p{L}\\p{N}_]|\\.[0-9])`,
    'u',
  ),
  digits: 4,
  boundary: 'none',
  validate: (_value, match) =>
    !VERSION_BEFORE.test(match.input.slice(Math.max(0, match.index - 14), match.index)),
  scores: { plain: 0.8 },
  about: { subtype: 'IPV4', source: 'RFC 791, RFC 4632' },
  examples: [
    example('from 192.0.2.17:8080 to 198.51.100.0/24', '192.0.2.17', '198.51.100.0/24'),
    example('host=203.0.113.9;', '203.0.113.9'),
    example('[192.0.2.1]', '192.0.2.1'),
    example('version 1.2.3.4'),
    example('1.2.3.4.5 and 300.1.1.1'),
    example('section 1.2.3'),
  ],
})

/** Hexadecimal and octal parts, as C's inet_aton and every browser read them. */
const ODD_PART = '(?:0x[0-9a-f]{1,2}|0[0-3]?[0-7]{1,3}|25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])'

/** Parts that are written out of the ordinary, as the canonical decimal ones are left to `ipv4`. */
const isOddAddress = (value: string): boolean => {
  const parts = value.split('.')
  if (parts.some((part) => /^0x/iu.test(part))) return true
  // Four octal numbers: a version or a date has no part that goes beyond what one digit could say with zeros in front.
  return parts.every((part) => /^0[0-7]{2,}$/u.test(part) && Number.parseInt(part, 8) <= 255)
}

const ipv4Odd = definePattern({
  id: 'ipv4_odd',
  entity: 'IP_ADDRESS',
  pattern: new RegExp(
    `(?<![\\p{L}\\p{N}_.])${ODD_PART}(?:\\.${ODD_PART}){3}(?![\\p{L}\\p{N}_]|\\.[0-9])`,
    'iu',
  ),
  digits: 4,
  boundary: 'none',
  validate: isOddAddress,
  scores: { plain: 0.8 },
  about: { subtype: 'IPV4', source: 'POSIX inet_addr; WHATWG URL, host parsing' },
  examples: [
    example('ping 0xC0.0x00.0x02.0x11', '0xC0.0x00.0x02.0x11'),
    example('from 0300.0000.0002.0021 on', '0300.0000.0002.0021'),
    example('host 0xc0.0.2.17', '0xc0.0.2.17'),
    example('version 1.02.03.04'),
    example('0x1.0x2'),
    example('09.10.2024.11'),
  ],
})

/** The whole address as one number: a pointer or a count unless a scheme or "IP" stands right in front of it. */
const ipv4Whole = definePattern({
  id: 'ipv4_whole',
  entity: 'IP_ADDRESS',
  pattern:
    /(?<=:\/\/|(?<![\p{L}\p{N}])(?:ip(?:v4)?(?:[ _-]?(?:addr(?:ess)?|adresse|adres))?|(?:adresse|dirección|indirizzo|endereço|adres) ip)["']?(?: is)?[ \t]{0,2}[:=]?[ \t]{0,2}["']?)(?:0x[0-9a-f]{8}|[1-9][0-9]{8,9}|0[1-3][0-7]{10})/iu,
  digits: 2,
  boundary: 'none',
  validate: (value, { input, index }) =>
    !/^[\p{L}\p{N}]/u.test(input.slice(index + value.length)) &&
    (!/^[1-9]/u.test(value) || Number(value) <= 0xffffffff),
  scores: { plain: 0.75 },
  about: { subtype: 'IPV4', source: 'POSIX inet_addr; WHATWG URL, host parsing' },
  examples: [
    example('IP 0xC0000211 seen', '0xC0000211'),
    example('open http://3221226001/ now', '3221226001'),
    example('ip_address: "030000001021"', '030000001021'),
    example('pointer 0xC0000211'),
    example('ip 99999999999'),
    example('count 3221226001'),
  ],
})

const HEX_RUN = /[0-9A-Fa-f:.]{2,45}/uy
const HEX_UNIT = /[0-9A-Fa-f:.]/u
const TAIL = /(?:%[\w.-]{1,16})?(?:\/(?:12[0-8]|1[01][0-9]|[1-9]?[0-9])(?![0-9]))?/uy
const IPV4_ONLY = new RegExp(`^${IPV4}$`, 'u')

/** Number of 16-bit groups of a list such as `2001:db8`, or -1 when one is malformed. Ends in IPv4: two groups. */
function countGroups(part: string, mayEndInIpv4: boolean): number {
  if (part === '') return 0
  const groups = part.split(':')
  let count = 0
  for (let i = 0; i < groups.length; i += 1) {
    const group = groups[i] ?? ''
    if (/^[0-9A-Fa-f]{1,4}$/u.test(group)) count += 1
    else if (mayEndInIpv4 && i === groups.length - 1 && IPV4_ONLY.test(group)) count += 2
    else return -1
  }
  return count
}

/** Whether a text is an IPv6 address. Source: RFC 4291, section 2.2. */
export function isIpv6(text: string): boolean {
  const halves = text.split('::')
  if (halves.length > 2) return false
  const [head = '', tail = ''] = halves
  if (halves.length === 1) return countGroups(head, true) === 8
  const first = countGroups(head, false)
  const second = countGroups(tail, true)
  return first >= 0 && second >= 0 && first + second <= 7
}

/** `a::b` is also how several languages write names: an address has a digit or at least three groups. */
function looksLikeAddress(text: string): boolean {
  return /[0-9]/u.test(text) || text.split(':').filter((group) => group !== '').length >= 3
}

function ipv6At(text: string, colon: number): Span | null {
  let start = colon
  while (start > 0 && colon - start < 5 && HEX_UNIT.test(text.charAt(start - 1))) start -= 1
  if (start > 0 && /[\p{L}\p{N}_]/u.test(text.charAt(start - 1))) return null
  HEX_RUN.lastIndex = start
  let run = HEX_RUN.exec(text)?.[0] ?? ''
  if (/[\p{L}\p{N}_]/u.test(text.charAt(start + run.length))) return null
  while (run.endsWith('.') || (run.endsWith(':') && !run.endsWith('::'))) run = run.slice(0, -1)
  if (run.length < 3 || !isIpv6(run) || !looksLikeAddress(run)) return null
  TAIL.lastIndex = start + run.length
  return { start, end: start + run.length + (TAIL.exec(text)?.[0].length ?? 0) }
}

/** IPv6 in full, shortened and mixed notation, with zone and prefix length. */
const ipv6: Recogniser = {
  id: 'ipv6',
  layer: 'pattern',
  entities: ['IP_ADDRESS'],
  checked: true,
  about: { subtype: 'IPV6', source: 'RFC 4291, RFC 4007' },
  examples: [
    example('ping 2001:db8::1 now', '2001:db8::1'),
    example('[2001:0db8:0000:0000:0000:ff00:0042:8329]:443', '2001:0db8:0000:0000:0000:ff00:0042:8329'),
    example(
      'fe80::1ff:fe23:4567:890a%eth0/64 and ::ffff:192.0.2.1',
      'fe80::1ff:fe23:4567:890a%eth0/64',
      '::ffff:192.0.2.1',
    ),
    example('std::vector<int> and a::b'),
    example('at 10:30:45 sharp'),
    example('00:1b:63:84:45:e6'),
  ],
  analyse: (analysed) => {
    const findings: Finding[] = []
    const text = analysed.canonical
    let done = -1
    for (const colon of scanOf(analysed).colons) {
      if (colon < done) continue
      const span = ipv6At(text, colon)
      if (span === null || span.start < done) continue
      done = span.end
      findings.push({ entity: 'IP_ADDRESS', subtype: 'IPV6', span, score: 0.95, recogniser: 'ipv6' })
    }
    return findings
  },
}

/** Where a MAC may start: two characters before a colon, or at a token with a digit or hex letters. */
function macStarts(scan: TextScan, text: string): readonly number[] {
  const starts: number[] = []
  for (const colon of scan.colons)
    if (colon >= 2 && text.charCodeAt(colon + 3) === 0x3a) starts.push(colon - 2)
  for (const at of scan.numbers.starts) {
    const afterPair = text.charAt(at + 2)
    const isPairs = (afterPair === ':' || afterPair === '-') && text.charAt(at + 5) === afterPair
    if (isPairs || (text.charAt(at + 4) === '.' && text.charAt(at + 9) === '.')) starts.push(at)
  }
  // `aabb.ccdd.eeff` and `AA-BB-…` may be without a digit: their dots are noted, and hyphens found by their words.
  for (const dot of scan.dots) if (dot >= 4 && text.charCodeAt(dot + 5) === 0x2e) starts.push(dot - 4)
  return starts.sort((a, b) => a - b)
}

const mac = definePattern({
  id: 'mac',
  entity: 'MAC_ADDRESS',
  pattern:
    /(?<![\p{L}\p{N}_]|[0-9a-f][:-])(?:[0-9a-f]{2}([:-])[0-9a-f]{2}(?:\1[0-9a-f]{2}){4}(?:\1[0-9a-f]{2}\1[0-9a-f]{2})?|[0-9a-f]{4}\.[0-9a-f]{4}\.[0-9a-f]{4})(?![\p{L}\p{N}_]|[:-][0-9a-f])/iu,
  starts: macStarts,
  boundary: 'none',
  validate: (value) => !/^(?:00[:-]?){5}|^(?:ff[:-]?){5}/iu.test(value.replace(/\./g, '')),
  scores: { plain: 0.9 },
  structured: true,
  about: { source: 'IEEE 802: EUI-48, EUI-64' },
  examples: [
    example('eth0 00:1B:63:84:45:E6 up', '00:1B:63:84:45:E6'),
    example('01-23-45-67-89-ab', '01-23-45-67-89-ab'),
    example('port 0011.2233.4455', '0011.2233.4455'),
    example('00:00:00:00:00:00'),
    example('12:34:56'),
    example('aa:bb:cc:dd:ee:ff:00:11:22:33'),
  ],
})

const URL_BODY = /[^\s<>"`{}|\\^\u3000-\u3002]{1,2048}/uy
const SCHEME = /(?<![\p{L}\p{N}])[a-z][a-z0-9+.-]{1,20}$/iu
const NO_HOST = /^(?:localhost|\[?::1\]?|127\.0\.0\.1|0\.0\.0\.0)(?::[0-9]+)?(?:[/?#]|$)/iu

/** Sentence punctuation and unbalanced brackets at the end belong to the sentence. */
function trimUrl(url: string): string {
  let end = url.length
  for (; end > 0; end -= 1) {
    const last = url.charAt(end - 1)
    if (last === ')' || last === ']') {
      const open = last === ')' ? '(' : '['
      const inside = url.slice(0, end)
      if (inside.split(open).length >= inside.split(last).length) break
    } else if (!".,;:!?'*_~".includes(last)) break
  }
  return url.slice(0, end)
}

function bodyAt(text: string, at: number): string {
  URL_BODY.lastIndex = at
  const body = URL_BODY.exec(text)?.[0] ?? ''
  const quote = body.search(/'[),;\s]|'$/u)
  return trimUrl(quote < 0 ? body : body.slice(0, quote))
}

function urlAt(text: string, colon: number): Span | null {
  if (!text.startsWith('://', colon)) return null
  const scheme = SCHEME.exec(text.slice(Math.max(0, colon - 22), colon))?.[0]
  if (scheme === undefined) return null
  const body = bodyAt(text, colon + 3)
  if (!/^[^/?#]*[\p{L}\p{N}]/u.test(body) || NO_HOST.test(body)) return null
  return { start: colon - scheme.length, end: colon + 3 + body.length }
}

/**
 * Endings under which a bare host is taken for one. Endings that are also file names or fields of code
 * (`.io`, `.py`, `.me`, `.name`) need `www.` or a scheme.
 */
const BARE_ENDINGS = new WordTable(
  'com org net edu gov mil info biz eu de fr uk nl ch se dk fi br jp cn ru au ca mx kr tr cz hu gr pt ie nz za es il ua ar cl hk tw sg'
    .split(' ')
    .map((ending) => [ending, true] as const),
)
const HOST_BEFORE = /(?<![\p{L}\p{N}@._/\\-])(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.){1,5}$/iu

function bareHosts(text: string, scan: TextScan): readonly Span[] {
  if (scan.dots.length === 0) return []
  const spans: Span[] = []
  const afterDot = new Set(scan.dots.map((dot) => dot + 1))
  BARE_ENDINGS.each(text, scan.words, (start, end) => {
    if (!afterDot.has(start) || /^(?:[\p{L}\p{N}_@(]|-[a-z0-9]|\.[a-z0-9])/iu.test(text.slice(end, end + 2)))
      return
    const before = HOST_BEFORE.exec(text.slice(Math.max(0, start - 160), start))?.[0]
    if (before === undefined) return
    const rest = text.charAt(end) === '/' || text.charAt(end) === '?' ? bodyAt(text, end) : ''
    spans.push({ start: start - before.length, end: end + rest.length })
  })
  return spans
}

const WWW = /(?<![\p{L}\p{N}@._/-])www\.[\p{L}\p{N}-]{1,63}(?:\.[\p{L}\p{N}-]{1,63}){1,5}/iuy

function wwwHosts(text: string, scan: TextScan): readonly Span[] {
  const spans: Span[] = []
  for (const dot of scan.dots) {
    if (dot < 3) continue
    WWW.lastIndex = dot - 3
    const host = WWW.exec(text)?.[0]
    if (host !== undefined) spans.push({ start: dot - 3, end: dot - 3 + bodyAt(text, dot - 3).length })
  }
  return spans
}

/** Web addresses: any scheme with a host, `www.`, and bare hosts under well-known endings. */
const url: Recogniser = {
  id: 'url',
  layer: 'pattern',
  entities: ['URL'],
  about: { source: 'RFC 3986' },
  examples: [
    example('See https://example.com/a?b=c#d.', 'https://example.com/a?b=c#d'),
    example('(www.example.org/path) or example.com', 'www.example.org/path', 'example.com'),
    example('ftp://files.example.net/x.zip, please', 'ftp://files.example.net/x.zip'),
    example('http://localhost:8080/health'),
    example('e.g. self.name = os.path.join(a, b)'),
    example('a://'),
  ],
  analyse: (analysed) => {
    const text = analysed.canonical
    const scan = scanOf(analysed)
    if (scan.colons.length === 0 && scan.dots.length === 0) return []
    const spans: Span[] = []
    for (const colon of scan.colons) {
      // A colon inside the last address cannot begin another one.
      if (colon < (spans.at(-1)?.end ?? 0)) continue
      const span = urlAt(text, colon)
      if (span !== null) spans.push(span)
    }
    spans.push(...wwwHosts(text, scan), ...bareHosts(text, scan))
    spans.sort((a, b) => a.start - b.start || b.end - a.end)
    const findings: Finding[] = []
    let done = -1
    for (const span of spans) {
      if (span.start < done) continue
      done = span.end
      findings.push({ entity: 'URL', span, score: 0.7, recogniser: 'url' })
    }
    return findings
  },
}

/** All of this file. */
export const NETWORK: readonly Recogniser[] = [ipv4, ipv4Odd, ipv4Whole, ipv6, mac, url]
