/** A generated GGUF file behind the running server: the whole wire of every endpoint, and what goes wrong on the way. */
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { startTestProxy, type TestProxy } from '../support/proxy.ts'
import { writeTinyGguf } from '../support/tiny-gguf.ts'

/** Said again and again until something ends it; also what the schema allows, so that a grammar can end it. */
const REPLY = '{"path":"a.txt"}'
const MODEL = 'cloakroom-auto'
const ASKED = 'Where is it?'
const CHAT = { model: MODEL, messages: [{ role: 'user' as const, content: ASKED }] }
const SCHEMA = {
  type: 'object',
  properties: { path: { enum: ['a.txt'] } },
  required: ['path'],
  additionalProperties: false,
}
const TOKENS = 8

let dir: string
let proxy: TestProxy

before(async () => {
  dir = mkdtempSync(join(tmpdir(), 'cloakroom-gguf-'))
  const path = join(dir, 'model.gguf')
  const { sha256 } = await writeTinyGguf(path, {
    kind: 'fixed-reply',
    reply: REPLY,
    loop: true,
    contextLength: 32_768,
  })
  proxy = await startTestProxy({
    policy: {
      version: 1,
      policy: 'local-only',
      revision: '1',
      destinations: { here: { kind: 'local', model: 'here' } },
      routes: [],
      default: { to: ['here'] },
    },
    config: {
      local: {
        engine: 'llama',
        model_path: path,
        sha256,
        model: 'tiny',
        threads: 1,
        context_tokens: 32_768,
        sequences: 1,
        queue_limit: 1,
      },
      detectors: { contextual: 'off' },
    },
  })
})
after(async () => {
  await proxy.close()
  rmSync(dir, { recursive: true, force: true })
})

async function all<Item>(stream: AsyncIterable<Item>): Promise<readonly Item[]> {
  const items: Item[] = []
  for await (const item of stream) items.push(item)
  return items
}

describe('a GGUF file answers', () => {
  it('chat, whole and streamed, to the number of tokens asked for, with its usage', async () => {
    const { completions } = proxy.client.chat
    const whole = await completions.create({ ...CHAT, max_tokens: TOKENS })
    const text = whole.choices[0]?.message.content ?? ''
    assert.ok(REPLY.startsWith(text) || text.startsWith(REPLY))
    assert.equal(whole.choices[0]?.finish_reason, 'length')
    assert.equal(whole.usage?.completion_tokens, TOKENS)
    const chunks = await all(
      await completions.create({
        ...CHAT,
        max_tokens: TOKENS,
        stream: true,
        stream_options: { include_usage: true },
      }),
    )
    assert.equal(chunks.map(({ choices }) => choices[0]?.delta.content ?? '').join(''), text)
    assert.deepEqual(chunks.at(-1)?.usage?.completion_tokens, TOKENS)
  })

  it('responses, whole and streamed', async () => {
    const { responses } = proxy.client
    const asked = { model: MODEL, input: ASKED, max_output_tokens: 16 }
    const whole = await responses.create(asked)
    assert.equal(whole.status, 'incomplete')
    assert.ok(whole.output_text.startsWith('{"path'))
    assert.equal(whole.usage?.output_tokens, 16)
    const events = await all(await responses.create({ ...asked, stream: true }))
    const deltas = events.map((event) => (event.type === 'response.output_text.delta' ? event.delta : ''))
    assert.equal(deltas.join(''), whole.output_text)
    assert.equal(events.at(-1)?.type, 'response.incomplete')
  })

  it('completions, whole and streamed', async () => {
    const { completions } = proxy.client
    const asked = { model: MODEL, prompt: ASKED, max_tokens: TOKENS }
    const whole = await completions.create(asked)
    assert.ok(whole.choices[0]?.text.startsWith('{"path'))
    assert.equal(whole.usage?.completion_tokens, TOKENS)
    const chunks = await all(await completions.create({ ...asked, stream: true }))
    assert.equal(chunks.map(({ choices }) => choices[0]?.text ?? '').join(''), whole.choices[0]?.text)
  })

  it('up to a stop text', async () => {
    const { choices } = await proxy.client.chat.completions.create({ ...CHAT, stop: ['.txt'] })
    assert.equal(choices[0]?.message.content, '{"path":"a')
    assert.equal(choices[0]?.finish_reason, 'stop')
  })

  it('in JSON of a schema, by chat and by responses', async () => {
    const chat = await proxy.client.chat.completions.create({
      ...CHAT,
      response_format: { type: 'json_schema', json_schema: { name: 'place', strict: true, schema: SCHEMA } },
    })
    assert.deepEqual(JSON.parse(chat.choices[0]?.message.content ?? ''), { path: 'a.txt' })
    assert.equal(chat.choices[0]?.finish_reason, 'stop')
    const response = await proxy.client.responses.create({
      model: MODEL,
      input: ASKED,
      text: { format: { type: 'json_schema', name: 'place', strict: true, schema: SCHEMA } },
    })
    assert.deepEqual(JSON.parse(response.output_text), { path: 'a.txt' })
  })

  it('with the call of a tool, by chat, streamed, and by responses', async () => {
    const described = { name: 'find_file', parameters: SCHEMA }
    const asked = {
      ...CHAT,
      tools: [{ type: 'function' as const, function: described }],
      tool_choice: { type: 'function' as const, function: { name: 'find_file' } },
    }
    const whole = await proxy.client.chat.completions.create(asked)
    const [call] = whole.choices[0]?.message.tool_calls ?? []
    assert.ok(call?.type === 'function')
    assert.equal(call.function.name, 'find_file')
    assert.deepEqual(JSON.parse(call.function.arguments), { path: 'a.txt' })
    const chunks = await all(await proxy.client.chat.completions.create({ ...asked, stream: true }))
    const pieces = chunks.flatMap(({ choices }) => choices[0]?.delta.tool_calls ?? [])
    assert.deepEqual(JSON.parse(pieces.map((piece) => piece.function?.arguments ?? '').join('')), {
      path: 'a.txt',
    })
    const response = await proxy.client.responses.create({
      model: MODEL,
      input: ASKED,
      tools: [{ type: 'function', ...described, strict: false }],
      tool_choice: { type: 'function', name: 'find_file' },
    })
    const item = response.output.find(({ type }) => type === 'function_call')
    assert.ok(item?.type === 'function_call')
    assert.deepEqual(JSON.parse(item.arguments), { path: 'a.txt' })
  })
})

interface Talk {
  readonly reader: ReadableStreamDefaultReader<Uint8Array>
  leave(): void
}

function post(signal: AbortSignal | null, body: object): Promise<Response> {
  return fetch(`${proxy.url}/v1/chat/completions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ ...CHAT, ...body }),
    signal,
  })
}

/** A stream that goes on for ever; its first words are there. */
async function talk(): Promise<Talk> {
  const leave = new AbortController()
  const response = await post(leave.signal, { stream: true })
  assert.equal(response.status, 200)
  const reader = response.body?.getReader()
  assert.ok(reader)
  assert.match(Buffer.from((await reader.read()).value ?? []).toString('utf8'), /^data: /)
  return { reader, leave: () => leave.abort() }
}

async function restOf({ reader }: Talk): Promise<string> {
  let text = ''
  for (let next = await reader.read(); next.done !== true; next = await reader.read()) {
    text = (text + Buffer.from(next.value).toString('utf8')).slice(-2_000)
  }
  return text
}

/** Processes that this one started and that hold a model: from /proc, or where there is none, from ps. */
function modelProcesses(): readonly number[] {
  const rows = existsSync('/proc/self/stat') ? fromProc() : fromPs()
  return rows
    .filter(({ parent, command }) => parent === process.pid && command.includes('llama-worker'))
    .map(({ pid }) => pid)
}

interface ProcessRow {
  readonly pid: number
  readonly parent: number
  readonly command: string
}

function fromProc(): readonly ProcessRow[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((pid) => {
      try {
        const [, parent] = /^PPid:\s*(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? []
        const command = readFileSync(`/proc/${pid}/cmdline`, 'utf8')
        return [{ pid: Number(pid), parent: Number(parent), command }]
      } catch {
        // It ended meanwhile.
        return []
      }
    })
}

function fromPs(): readonly ProcessRow[] {
  const rows = execFileSync('ps', ['-A', '-o', 'pid=,ppid=,args='], { encoding: 'utf8' }).split('\n')
  return rows.map((row) => {
    const [pid, parent, ...command] = row.trim().split(/\s+/)
    return { pid: Number(pid), parent: Number(parent), command: command.join(' ') }
  })
}

describe('a GGUF file with one sequence', () => {
  it('is free again when a reader leaves', async () => {
    const first = await talk()
    first.leave()
    assert.equal((await post(null, { max_tokens: 2 })).status, 200)
  })

  it('lets one wait, and turns the next away with the time after which to come again', async () => {
    const first = await talk()
    const waiting = new AbortController()
    // One of the two finds the queue full, whichever comes second.
    const others = [0, 1].map(() => post(waiting.signal, { max_tokens: 2 }))
    const refused = await Promise.race(others)
    assert.equal(refused.status, 503)
    assert.ok(Number(refused.headers.get('retry-after')) >= 1)
    assert.match(await refused.text(), /"overloaded"/)
    first.leave()
    const answers = await Promise.all(others)
    assert.deepEqual(answers.map(({ status }) => status).sort(), [200, 503])
  })

  it('says so in the stream when its process is killed, and answers again afterwards', async () => {
    const first = await talk()
    const [pid] = modelProcesses()
    assert.ok(pid)
    process.kill(pid, 'SIGKILL')
    const rest = await restOf(first)
    assert.match(rest, /"local_unavailable"/)
    assert.doesNotMatch(rest, /\[DONE\]/)
    let status = 0
    for (let tries = 0; tries < 200 && status !== 200; tries++) {
      const response = await post(null, { max_tokens: 2 })
      status = response.status
      if (status !== 200) {
        assert.match(await response.text(), /"local_unavailable"/)
        await new Promise((resolve) => setTimeout(resolve, 100))
      }
    }
    assert.equal(status, 200)
  })
})
