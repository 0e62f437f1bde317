/** A value that the operator lets pass reaches the cloud as it is: the last check knows the list too. */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { chatSteps } from '../../proxy/demo/chat-script.ts'
import { type FakeCloud, startFakeCloud } from '../support/fake-cloud.ts'
import { CLOUD_ONLY, startTestProxy, type TestProxy } from '../support/proxy.ts'

const ALLOWED_CARD = '4111 1111 1111 1111'
const OTHER_CARD = '5555 5555 5555 4444'
let cloud: FakeCloud
let proxy: TestProxy

before(async () => {
  cloud = await startFakeCloud((request) => chatSteps(request, [{ content: 'ok' }]))
  proxy = await startTestProxy({
    policy: CLOUD_ONLY,
    config: {
      cloud: [{ name: 'cloud', base_url: cloud.url, api_key_env: 'TEST_KEY' }],
      detectors: { allow: [ALLOWED_CARD] },
    },
    environment: { TEST_KEY: 'cloud-key-for-tests' },
  })
})
after(async () => {
  await proxy.close()
  await cloud.close()
})

test('a card number on the allow list leaves as it is, and another one beside it does not', async () => {
  const content = `Use the test card ${ALLOWED_CARD}, not my card ${OTHER_CARD}.`
  await proxy.client.chat.completions.create({
    model: 'cloakroom-auto',
    messages: [{ role: 'user', content }],
  })
  const sent = cloud.requests.at(-1)?.raw.toString('utf8') ?? ''
  assert.ok(sent.includes(ALLOWED_CARD))
  assert.ok(!sent.includes(OTHER_CARD))
})
