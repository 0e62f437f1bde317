/** How many connections one client may hold. */
import type { Server } from 'node:http'
import type { Socket } from 'node:net'

/**
 * Closes connections of a client beyond `limit` as they come, unanswered: nothing is read from them. A client is an
 * address; of IPv6 the first 64 bits, which one subscriber has to himself.
 */
export function limitConnections(server: Server, limit: number): void {
  const open = new Map<string, number>()
  server.on('connection', (socket: Socket) => {
    const client = clientOf(socket.remoteAddress)
    const count = open.get(client) ?? 0
    if (count >= limit) {
      socket.destroy()
      return
    }
    open.set(client, count + 1)
    socket.once('close', () => {
      const left = (open.get(client) ?? 1) - 1
      if (left > 0) open.set(client, left)
      else open.delete(client)
    })
  })
}

/** An IPv4 address inside an IPv6 one: RFC 4291 §2.5.5.2. */
const MAPPED = /^::ffff:(\d{1,3}(?:\.\d{1,3}){3})$/

/** Who an address belongs to: an IPv4 address, also in its IPv6 spelling, or the network of an IPv6 address. */
export function clientOf(address: string | undefined): string {
  if (address === undefined) return 'unknown'
  const plain = address.toLowerCase().replace(/%.*$/, '')
  const mapped = MAPPED.exec(plain)?.[1]
  if (mapped !== undefined) return mapped
  if (!plain.includes(':')) return plain
  const [front = '', back] = plain.split('::')
  const groups = front === '' ? [] : front.split(':')
  if (back !== undefined) {
    const behind = back === '' ? [] : back.split(':')
    while (groups.length + behind.length < 8) groups.push('0')
    groups.push(...behind)
  }
  return groups
    .slice(0, 4)
    .map((group) => group.replace(/^0+(?=.)/, ''))
    .join(':')
}
