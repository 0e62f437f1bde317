/** A value that was found once is masked everywhere in the request, whatever field, case or form it stands in. */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { chatSteps } from '../../proxy/demo/chat-script.ts'
import { type FakeCloud, startFakeCloud } from '../support/fake-cloud.ts'
import { CLOUD_ONLY, startTestProxy, type TestProxy } from '../support/proxy.ts'

let cloud: FakeCloud
let proxy: TestProxy

before(async () => {
  cloud = await startFakeCloud((request) => chatSteps(request, [{ content: 'ok' }]))
  proxy = await startTestProxy({
    policy: CLOUD_ONLY,
    config: {
      cloud: [{ name: 'cloud', base_url: cloud.url, api_key_env: 'TEST_KEY' }],
      detectors: { ner: 'off', deny: [{ type: 'PERSON', values: ['Katarzyna Wisznewska'] }] },
    },
    environment: { TEST_KEY: 'cloud-key-for-tests' },
  })
})
after(async () => {
  await proxy.close()
  await cloud.close()
})

test('other messages, tools, calls, results and schemas have nothing of a name and a number found in one message', async () => {
  await proxy.client.chat.completions.create({
    model: 'cloakroom-auto',
    messages: [
      { role: 'system', content: 'Pani WISZNEWSKA dzwoni. Answer for katarzyna.wisznewska only.' },
      { role: 'user', content: 'My name is Katarzyna Wisznewska, IMEI 490154203237518.' },
      {
        role: 'assistant',
        content: "Wisznewska's file, Wisznewskiej, Katarzynie, Katarzynę; 490154203237518.",
        tool_calls: [
          {
            id: 'call_1',
            type: 'function',
            function: { name: 'find', arguments: '{"who":"KATARZYNA","id":"49-015420-323751-8"}' },
          },
        ],
      },
      { role: 'tool', tool_call_id: 'call_1', content: '{"rows":[["Wisznewska","490154203237518"]]}' },
      { role: 'user', content: [{ type: 'text', text: 'Thank Katarzyna’s team: d’Katarzyna' }] },
    ],
    tools: [
      {
        type: 'function',
        function: {
          name: 'find',
          description: 'Finds Wisznewska by number, such as 490154203237518',
          parameters: {
            type: 'object',
            properties: { who: { type: 'string', description: 'katarzyna wisznewska' } },
          },
        },
      },
    ],
  })
  const sent = cloud.requests.at(-1)?.raw.toString('utf8') ?? ''
  assert.ok(sent.length > 100)
  assert.doesNotMatch(sent, /wisznewsk|katarzyn/iu)
  assert.doesNotMatch(sent.replace(/[^0-9]/gu, ''), /490154203237518/u)
})
