/** How a reply is sent: as fast as the client reads, and not for ever to one that does not. */
import assert from 'node:assert/strict'
import { createServer } from 'node:http'
import { type AddressInfo, connect } from 'node:net'
import { test } from 'node:test'
import { sendReply } from '../../proxy/server/transport.ts'

test('an answer that its client does not read is given up after the time for it', async () => {
  let pulled = 0
  let finished: () => void = () => undefined
  const given = new Promise<void>((resolve) => {
    finished = resolve
  })
  async function* endless(): AsyncGenerator<string> {
    try {
      for (;;) {
        pulled += 1
        yield 'x'.repeat(64_000)
      }
    } finally {
      finished()
    }
  }
  const server = createServer((incoming, outgoing) => {
    incoming.resume()
    incoming.once('end', () => {
      void sendReply(incoming, outgoing, { status: 200, headers: {}, body: endless() }, 200)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const socket = connect((server.address() as AddressInfo).port, '127.0.0.1')
  socket.on('error', () => undefined)
  socket.pause()
  socket.write('GET / HTTP/1.1\r\nhost: a\r\n\r\n')
  await given
  assert.ok(pulled < 1_000, `${pulled} pieces were pulled`)
  socket.destroy()
  await new Promise<void>((resolve) => server.close(() => resolve()))
})
