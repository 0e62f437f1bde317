/**
 * What is wrong with the head of a request before anybody reads its meaning. Node's parser refuses what is not
 * HTTP; this refuses what two readers of the same HTTP (a proxy in front, and this one) could understand
 * differently, because that is how requests are smuggled. Source: RFC 9110, RFC 9112.
 */
import type { IncomingMessage } from 'node:http'
import { isLoopback } from '../config/schema.ts'
import { Problem } from '../problem.ts'

/** What is needed of a request. */
export type RequestHead = Pick<IncomingMessage, 'method' | 'url' | 'httpVersion' | 'rawHeaders'>

/** Fields of which a reader takes one, and nobody says which. */
const SINGLE = new Set([
  'host',
  'authorization',
  'content-type',
  'content-encoding',
  'content-length',
  'transfer-encoding',
  'expect',
  'x-cloakroom-conversation',
  'x-cloakroom-consent',
  'x-cloakroom-data-class',
  'x-cloakroom-dry-run',
])
/** RFC 9112 §3.2.1, origin-form, and printable: nothing here is a forward proxy. */
const ORIGIN_FORM = /^\/[!-~]*$/
/** RFC 3986 §5.2.4: segments that a reader may or may not take out, also where the dots are escaped. */
const DOT_SEGMENT = /(?:^|\/)(?:\.|%2e){1,2}(?:[/?#]|$)/i

/**
 * The problem with a head, or null. `loopbackOnly`: the Host must name this machine, so that no web page reaches an
 * open proxy through a name of its own (DNS rebinding).
 */
export function problemOfHead(head: RequestHead, loopbackOnly: boolean): Problem | null {
  const url = head.url ?? ''
  if (!ORIGIN_FORM.test(url) || DOT_SEGMENT.test(url)) return new Problem('invalid_request', { hint: 'http' })
  const seen = new Map<string, string>()
  for (let at = 0; at < head.rawHeaders.length; at += 2) {
    const name = (head.rawHeaders[at] ?? '').toLowerCase()
    if (!SINGLE.has(name)) continue
    if (seen.has(name)) return new Problem('invalid_request', { hint: 'http' })
    seen.set(name, head.rawHeaders[at + 1] ?? '')
  }
  if (!seen.has('host')) return new Problem('invalid_request', { hint: 'http' })
  const coding = seen.get('transfer-encoding')
  // RFC 9112 §6.1: a coding before 1.1 is a fault, and one that is not undone here (`gzip, chunked`) is not read.
  if (coding !== undefined && (head.httpVersion !== '1.1' || coding.toLowerCase() !== 'chunked')) {
    return new Problem('invalid_request', { hint: 'http' })
  }
  if (loopbackOnly && !isLoopback((seen.get('host') ?? '').replace(/:\d{1,5}$/, ''))) {
    return new Problem('invalid_request', { hint: 'host' })
  }
  return null
}
