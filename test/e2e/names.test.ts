/** A name server in place of the built-in tagger, through the running proxy. */
import assert from 'node:assert/strict'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { after, before, test } from 'node:test'
import { replyWith, startFakeCloud } from '../support/fake-cloud.ts'
import { CLOUD_ONLY, startTestProxy, type TestProxy } from '../support/proxy.ts'

type Cloud = Awaited<ReturnType<typeof startFakeCloud>>

/** Word that only this server takes for a name. */
const NAME = 'zorblax'
let isUp = true
const server = createServer((request, response) => {
  const pieces: Buffer[] = []
  request.on('data', (piece: Buffer) => pieces.push(piece))
  request.on('end', () => {
    if (!isUp) return response.writeHead(503).end()
    const { text }: { text: string } = JSON.parse(Buffer.concat(pieces).toString('utf8'))
    const found = [...text.matchAll(/zorblax/gu)].map(({ index }) => ({
      entity_type: 'PERSON',
      start: index,
      end: index + NAME.length,
      score: 0.9,
    }))
    return response.end(JSON.stringify(found))
  })
})

let cloud: Cloud
let proxy: TestProxy
before(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  cloud = await startFakeCloud(replyWith(() => ({ role: 'assistant', content: 'fine' })))
  proxy = await startTestProxy({
    policy: CLOUD_ONLY,
    config: {
      cloud: [{ name: 'cloud', base_url: cloud.url }],
      detectors: {
        ner_engine: 'http',
        ner_url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
      },
    },
  })
})
after(async () => {
  await proxy.close()
  await cloud.close()
  server.closeAllConnections()
  server.close()
})

function ask(content: string | { type: 'text'; text: string }[]): Promise<unknown> {
  return proxy.client.chat.completions.create({
    model: 'cloakroom-auto',
    messages: [{ role: 'user', content }],
  })
}

test('what the server finds is replaced, cut in two between parts or not', async () => {
  await ask(`please call ${NAME} today`)
  await ask([
    { type: 'text', text: 'please call zorb' },
    { type: 'text', text: 'lax today' },
  ])
  const sent = cloud.requests.map(({ raw }) => raw.toString('utf8'))
  assert.equal(sent.length, 2)
  assert.ok(sent.every((body) => !/zorb|lax/u.test(body) && /PERSON_[0-9A-Z]{5}/u.test(body)))
})

test('while the server is away nothing leaves', async () => {
  const before = cloud.requests.length
  isUp = false
  await assert.rejects(ask(`another message for ${NAME}`), { status: 503, code: 'detector_unavailable' })
  assert.equal(cloud.requests.length, before)
  isUp = true
  await ask(`another message for ${NAME}`)
  assert.equal(cloud.requests.length, before + 1)
})

test('the codec for other tools asks the server too', async () => {
  const response = await fetch(`${proxy.url}/v1/sanitise`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ text: `for ${NAME}` }),
  })
  const { texts }: { texts: string[] } = JSON.parse(await response.text())
  assert.match(texts[0] ?? '', /^for PERSON_[0-9A-Z]{5}$/u)
})
