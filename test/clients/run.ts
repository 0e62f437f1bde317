/**
 * Clients as people use them, through a running proxy to a cloud that is none: each completes chat, stream, tools and
 * structured output with the values put back, and nothing personal reaches the cloud. See CONTRIBUTING.
 */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { type FakeCloud, startFakeCloud } from '../support/fake-cloud.ts'
import { findPlanted } from '../support/planted.ts'
import { CLOUD_ONLY, startTestProxy, type TestProxy } from '../support/proxy.ts'
import { agents } from './agents.ts'
import { aiSdk } from './ai-sdk.ts'
import { answerClients } from './cloud.ts'
import { langchain } from './langchain.ts'
import { llamaIndex } from './llamaindex.ts'
import { openaiChat, openaiResponses } from './openai.ts'
import { ANSWER, type Client, CONTACT, EMAIL, FINAL, PERSON, PHONE, TOOL_ARGUMENTS } from './people.ts'

let cloud: FakeCloud
let proxy: TestProxy

before(async () => {
  cloud = await startFakeCloud(answerClients)
  proxy = await startTestProxy({
    policy: CLOUD_ONLY,
    config: { cloud: [{ name: 'cloud', base_url: cloud.url }] },
  })
})
after(async () => {
  await proxy.close()
  await cloud.close()
})

/** Each by name, so that the tests have titles before there is an address. */
const CLIENTS: Readonly<Record<string, (baseURL: string) => Client | undefined>> = {
  'openai, chat': openaiChat,
  'openai, responses': openaiResponses,
  'ai, responses': (url) => aiSdk(url)[0],
  'ai, responses, a reasoning model': (url) => aiSdk(url)[1],
  'ai, chat': (url) => aiSdk(url)[2],
  'ai, chat, a reasoning model': (url) => aiSdk(url)[3],
  'langchain, chat': (url) => langchain(url, false),
  'langchain, responses': (url) => langchain(url, true),
  'agents, responses': (url) => agents(url, true),
  'agents, chat': (url) => agents(url, false),
  'llamaindex, chat': (url) => llamaIndex(url, false),
  'llamaindex, responses': (url) => llamaIndex(url, true),
}
const TASKS: Readonly<Record<'chat' | 'stream' | 'tools' | 'structured', unknown>> = {
  chat: ANSWER,
  stream: ANSWER,
  tools: [TOOL_ARGUMENTS, FINAL],
  structured: CONTACT,
}

for (const [name, create] of Object.entries(CLIENTS)) {
  for (const [task, expected] of Object.entries(TASKS)) {
    test(`${name}: ${task}`, async () => {
      const sent = cloud.requests.length
      const client = create(`${proxy.url}/v1`)
      assert.ok(client)
      assert.deepEqual(await client[task as keyof typeof TASKS](), expected)
      assert.ok(cloud.requests.length > sent)
      for (const { raw } of cloud.requests.slice(sent))
        assert.deepEqual(findPlanted(raw, [PERSON, EMAIL, PHONE]), [])
    })
  }
}
