/** How bytes flow: a slow reader slows the cloud down, a stop lets answers finish, nothing is held longer than needed. */
import assert from 'node:assert/strict'
import { connect, type Socket } from 'node:net'
import { after, before, test } from 'node:test'
import { head, httpChunk } from '../../proxy/demo/chat-script.ts'
import { type CloudScript, type FakeCloud, startFakeCloud } from '../support/fake-cloud.ts'
import { CLOUD_ONLY, startTestProxy, type TestProxy } from '../support/proxy.ts'

let cloud: FakeCloud
let proxy: TestProxy
let script: CloudScript = () => []

before(async () => {
  cloud = await startFakeCloud((request, index) => script(request, index))
  proxy = await startTestProxy({
    policy: CLOUD_ONLY,
    config: { cloud: [{ name: 'cloud', base_url: cloud.url }] },
  })
})
after(() => cloud.close())

const START = { send: head(200, { 'content-type': 'text/event-stream', 'transfer-encoding': 'chunked' }) }
const BODY = JSON.stringify({
  model: 'cloakroom-auto',
  stream: true,
  messages: [{ role: 'user', content: 'Hello' }],
})

function event(content: string, finish: string | null = null): Uint8Array {
  const chunk = {
    id: 'x',
    object: 'chat.completion.chunk',
    created: 1,
    model: 'm',
    choices: [{ index: 0, delta: { content }, finish_reason: finish }],
  }
  return httpChunk(Buffer.from(`data: ${JSON.stringify(chunk)}\n\n`))
}

/** Sends the streaming request over a socket of its own, which reads nothing yet. */
function openRequest(): Promise<Socket> {
  const { hostname, port } = new URL(proxy.url)
  return new Promise((resolve, reject) => {
    const socket = connect(Number(port), hostname, () => {
      socket.pause()
      socket.write(
        `POST /v1/chat/completions HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-type: application/json\r\ncontent-length: ${BODY.length}\r\n\r\n${BODY}`,
      )
      resolve(socket)
    })
    socket.once('error', reject)
  })
}

test('a client that does not read stops the cloud: what waits in between is bounded', async () => {
  let sent = 0
  let stalled: () => void = () => undefined
  const noMoreRoom = new Promise<void>((resolve) => {
    stalled = resolve
  })
  const piece = event('x'.repeat(16_000))
  script = async function* () {
    yield START
    for (let index = 0; index < 6_000; index++) {
      const timer = setTimeout(stalled, 1_000)
      yield { send: piece }
      clearTimeout(timer)
      sent += piece.length
    }
  }
  const socket = await openRequest()
  await noMoreRoom
  // 96 MB were on offer; socket buffers of four ends and one event are all that may be in flight.
  assert.ok(sent < 32_000_000, `${sent} bytes were taken`)
  const closed = cloud.nextClose()
  socket.destroy()
  await closed
})

test('a stop lets an answer in progress finish, and takes no new ones', async () => {
  let release: () => void = () => undefined
  const released = new Promise<void>((resolve) => {
    release = resolve
  })
  script = () => [
    START,
    { send: event('Hel') },
    { until: released },
    { send: event('lo', 'stop') },
    { send: httpChunk(Buffer.from('data: [DONE]\n\n')) },
    { send: '0\r\n\r\n' },
  ]
  const socket = await openRequest()
  let text = ''
  const first = new Promise<void>((resolve) => {
    socket.on('data', (chunk) => {
      text += chunk.toString()
      if (text.includes('Hel')) resolve()
    })
  })
  const ended = new Promise<void>((resolve) => socket.once('close', () => resolve()))
  socket.resume()
  await first
  const stopped = proxy.close()
  await assert.rejects(fetch(`${proxy.url}/healthz`))
  release()
  await stopped
  await ended
  assert.match(text, /"content":"lo"/)
  assert.match(text, /data: \[DONE\]/)
})
