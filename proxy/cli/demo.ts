import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { loadConfig } from '../config/load.ts'
import type { CommandModule } from './command.ts'

const WIDTH = 100

/** `demo`: one realistic prompt through the real pipeline, against a cloud that is built in. */
export const demo: CommandModule = (program, runner) => {
  program
    .command('demo')
    .description(
      'show one prompt: what the client sent, what the cloud saw, what the client got back (no network, no key)',
    )
    .action(() => runner(show))
}

async function show(): Promise<number> {
  const [
    { startCloakroom },
    { startFakeCloud },
    { demoCloud, DEMO_REQUEST },
    { default: OpenAI },
    { shippedPolicy },
  ] = await Promise.all([
    import('../main.ts'),
    import('../demo/fake-cloud.ts'),
    import('../demo/conversation.ts'),
    import('openai'),
    import('../policy.ts'),
  ])
  const folder = await mkdtemp(join(tmpdir(), 'cloakroom-demo-'))
  const cloud = await startFakeCloud(demoCloud)
  try {
    const file = join(folder, 'cloakroom.yaml')
    await writeFile(file, JSON.stringify(demoConfig(cloud.url, folder, shippedPolicy('demo'))))
    const proxy = await startCloakroom(loadConfig(file, {}, folder), { logLevel: 'error' })
    try {
      const client = new OpenAI({ baseURL: `${proxy.url}/v1`, apiKey: 'unused', maxRetries: 0 })
      print(
        title(1, 'what the client sent'),
        DEMO_REQUEST.messages.map(({ role, content }) => `${role}: ${content}`).join('\n\n'),
      )
      const { data: stream, response } = await client.chat.completions
        .create({ ...DEMO_REQUEST, stream: true })
        .withResponse()
      print(title(2, 'what the cloud saw'), seenByCloud(cloud.requests[0]?.body))
      process.stdout.write(`${title(3, 'what the client got back, as it streams')}\n`)
      await printStream(stream)
      printHeaders(response.headers)
    } finally {
      await proxy.close()
    }
  } finally {
    await cloud.close()
    await rm(folder, { recursive: true, force: true })
  }
  return 0
}

function demoConfig(url: string, folder: string, rules: string): object {
  return {
    listen: '127.0.0.1:0',
    data_dir: join(folder, 'data'),
    rules,
    cloud: [{ name: 'demo-cloud', base_url: url, model: 'demo-model' }],
  }
}

function title(number: number, text: string): string {
  const line = `── ${number} ── ${text} `
  const bold = process.stdout.isTTY ? ['\u001b[1;36m', '\u001b[0m'] : ['', '']
  return `\n${bold[0]}${line.padEnd(WIDTH, '─')}${bold[1]}`
}

function print(head: string, text: string): void {
  process.stdout.write(`${head}\n${wrap(text)}\n`)
}

/** Lines of at most WIDTH columns, broken at spaces. */
function wrap(text: string): string {
  return text
    .split('\n')
    .map((line) => {
      const rows = ['']
      for (const word of line.split(' ')) {
        const row = rows.at(-1) ?? ''
        if (row !== '' && row.length + word.length + 1 > WIDTH) rows.push(word)
        else rows[rows.length - 1] = row === '' ? word : `${row} ${word}`
      }
      return rows.join('\n')
    })
    .join('\n')
}

function seenByCloud(body: unknown): string {
  if (typeof body !== 'object' || body === null || !('messages' in body) || !Array.isArray(body.messages))
    return 'nothing'
  return body.messages
    .map((message: { role: string; content: string }) => `${message.role}: ${message.content}`)
    .join('\n\n')
}

interface Chunk {
  readonly choices: readonly {
    readonly delta: {
      readonly content?: string | null
      readonly tool_calls?: readonly {
        readonly function?: { readonly name?: string; readonly arguments?: string }
      }[]
    }
  }[]
}

async function printStream(stream: AsyncIterable<Chunk>): Promise<void> {
  for await (const chunk of stream) {
    const delta = chunk.choices[0]?.delta
    if (delta?.content) process.stdout.write(delta.content)
    for (const call of delta?.tool_calls ?? []) {
      if (call.function?.name) process.stdout.write(`\n\ntool call ${call.function.name} `)
      process.stdout.write(call.function?.arguments ?? '')
    }
  }
  process.stdout.write('\n')
}

function printHeaders(headers: Headers): void {
  process.stdout.write('\n')
  for (const name of ['action', 'destination', 'entities', 'request-id']) {
    process.stdout.write(`x-cloakroom-${name}: ${headers.get(`x-cloakroom-${name}`) ?? ''}\n`)
  }
}
