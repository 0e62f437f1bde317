/** One process of the benchmark, by its first argument: `upstream`, `plain` or `cloakroom`. Reports its address and CPU time. */
import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Pool } from 'undici'
import type * as Load from '../../proxy/config/load.ts'
import type * as Main from '../../proxy/main.ts'

const ANSWER = JSON.stringify({
  id: 'chatcmpl-bench',
  object: 'chat.completion',
  created: 1_700_000_000,
  model: 'bench-model',
  choices: [
    {
      index: 0,
      message: { role: 'assistant', content: 'Thank you for writing. '.repeat(20), refusal: null },
      logprobs: null,
      finish_reason: 'stop',
    },
  ],
  usage: { prompt_tokens: 500, completion_tokens: 100, total_tokens: 600 },
})

const [role = '', argument = ''] = process.argv.slice(2)
process.on('message', (message) => {
  if (message === 'cpu') process.send?.({ cpu: process.cpuUsage() })
})
process.on('disconnect', () => process.exit(0))
process.send?.({ url: await start() })

async function start(): Promise<string> {
  if (role === 'upstream') return listen(answerAll)
  if (role === 'plain') return listen(plainProxy(argument))
  // This file is built into bench/results.
  const { loadConfig } = (await import(built('proxy/config/load.js'))) as typeof Load
  const { startCloakroom } = (await import(built('proxy/main.js'))) as typeof Main
  const { url } = await startCloakroom(loadConfig(argument, {}, process.cwd()), { logLevel: 'error' })
  return url
}

function built(path: string): string {
  return new URL(`../../dist/${path}`, import.meta.url).href
}

async function listen(handler: RequestListener): Promise<string> {
  const server = createServer(handler)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

function answerAll(request: Parameters<RequestListener>[0], response: Parameters<RequestListener>[1]): void {
  request
    .on('data', () => undefined)
    .on('end', () => {
      response.writeHead(200, {
        'content-type': 'application/json',
        'content-length': String(Buffer.byteLength(ANSWER)),
      })
      response.end(ANSWER)
    })
}

/** The baseline: reads JSON, sets the model, sends it on, reads the answer's JSON, sends it back. Nothing else. */
function plainProxy(upstream: string): RequestListener {
  const pool = new Pool(upstream, { connections: 256 })
  return (request, response) => {
    const chunks: Buffer[] = []
    request
      .on('data', (chunk: Buffer) => chunks.push(chunk))
      .on('end', async () => {
        const body = { ...JSON.parse(Buffer.concat(chunks).toString()), model: 'bench-model' }
        const answer = await pool.request({
          method: 'POST',
          path: '/v1/chat/completions',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify(body),
        })
        const text = JSON.stringify(JSON.parse(await answer.body.text()))
        response.writeHead(200, {
          'content-type': 'application/json',
          'content-length': String(Buffer.byteLength(text)),
        })
        response.end(text)
      })
  }
}
