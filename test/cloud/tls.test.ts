/** Who answers must prove who it is, whatever the environment says. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createServer } from 'node:tls'
import { CLOUD_PROVIDERS, createEgress, EgressError } from '../../proxy/cloud/index.ts'
import type { SendOptions, WireObject } from '../../proxy/ports.ts'
import { readAll } from '../../proxy/wire/index.ts'
import type { Sanitised } from '../../restore/index.ts'
import { selfSigned } from '../support/self-signed.ts'

const { cert, key } = selfSigned()
const body = { model: 'm' } as WireObject as Sanitised<WireObject>
const provider = CLOUD_PROVIDERS[0] ?? assert.fail('no provider')

const send: SendOptions = {
  destination: {
    name: 'd',
    kind: 'cloud',
    provider: 'p',
    model: 'm',
    regions: [],
    endpoints: ['chat'],
    sanitise: true,
  },
  path: '/chat/completions',
  stream: false,
  vault: { size: 0, issue: () => '', valueOf: () => undefined, entries: () => [] },
}

/** Asks a TLS server once; gives the answer's text and the bytes the server could read. */
async function ask(host: string, ca?: string): Promise<{ text: string; arrived: number }> {
  let arrived = 0
  const server = createServer({ cert, key }, (socket) => {
    socket.on('error', () => socket.destroy())
    socket.on('data', (bytes) => {
      arrived += bytes.length
      socket.end(
        'HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 2\r\nconnection: close\r\n\r\n{}',
      )
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  assert.ok(typeof address === 'object' && address !== null)
  const baseUrl = `https://${host}:${address.port}/v1`
  const egress = createEgress({
    providers: [{ name: 'p', baseUrl, apiKey: 'none', provider }],
    leakCheck: () => false,
    ...(ca === undefined ? {} : { ca }),
  })
  try {
    const signal = new AbortController().signal
    const response = await egress.send(body, send, async () => undefined, signal)
    return { text: (await readAll(response.body, 1000)).toString(), arrived }
  } catch (error) {
    assert.equal(arrived, 0, 'nothing may arrive where nobody is trusted')
    throw error
  } finally {
    await egress.close()
    await new Promise((resolve) => server.close(resolve))
  }
}

const refused = (error: unknown): boolean => error instanceof EgressError && error.code === 'connection'

test('a certificate that the given authority vouches for is trusted', async () => {
  assert.equal((await ask('127.0.0.1', cert)).text, '{}')
})

test('a certificate that nobody vouches for is refused before any byte of the request', async () => {
  await assert.rejects(ask('127.0.0.1'), refused)
})

test('the environment cannot switch the check off', async () => {
  const before = process.env.NODE_TLS_REJECT_UNAUTHORIZED
  process.env.NODE_TLS_REJECT_UNAUTHORIZED = '0'
  try {
    await assert.rejects(ask('127.0.0.1'), refused)
  } finally {
    if (before === undefined) delete process.env.NODE_TLS_REJECT_UNAUTHORIZED
    else process.env.NODE_TLS_REJECT_UNAUTHORIZED = before
  }
})

test('a trusted certificate of another name is refused', async () => {
  await assert.rejects(ask('[::ffff:127.0.0.1]', cert), refused)
})
