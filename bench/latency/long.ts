/** How long a small request of somebody else waits while one long prompt is looked at, replaced and sent. */
import { request } from 'node:http'
import { chatBody, longText } from './bodies.ts'
import type { Target } from './targets.ts'

interface Case {
  readonly name: string
  messages(round: number): readonly string[]
}

const CASES: readonly Case[] = [
  ...[30, 100, 300, 1000].map(
    (kilobytes): Case => ({
      name: `one text of ${kilobytes} KB, new`,
      messages: (round) => [longText(kilobytes * 1000, round)],
    }),
  ),
  { name: '100 texts of 10 KB, new', messages: (round) => conversation(round) },
  // The first time it is new; then only its last message is.
  {
    name: '100 texts of 10 KB, one of them new',
    messages: (round) => [...conversation(-1), longText(200, round)],
  },
]

function conversation(seed: number): readonly string[] {
  return Array.from({ length: 100 }, (_, number) => longText(10_000, seed * 1000 + number))
}

const PAUSE_MS = 2

/** Prints for each case and proxy the longest wait and the time of the long request itself: medians of the rounds. */
export async function measureWaits(targets: readonly Target[], rounds: number): Promise<void> {
  const compared = [targets[0], targets.at(-1)].filter((target) => target !== undefined)
  console.log(`${'medians, ms'.padEnd(40)}${compared.map(({ name }) => name.padStart(48)).join('')}`)
  console.log(
    `${''.padEnd(40)}${compared.map(() => 'longest wait of others   long one'.padStart(48)).join('')}`,
  )
  for (const one of CASES) {
    const cells: string[] = []
    for (const target of compared) {
      const samples: { readonly wait: number; readonly took: number }[] = []
      for (let round = 0; round <= rounds; round++) {
        const sample = await waitBeside(target.url, bodyOf(one.messages(round)))
        // The first round only warms up.
        if (round > 0) samples.push(sample)
      }
      const of = (pick: (sample: (typeof samples)[number]) => number): string =>
        median(samples.map(pick)).toFixed(0)
      cells.push(`${of((s) => s.wait).padStart(37)}${of((s) => s.took).padStart(11)}`)
    }
    console.log(one.name.padEnd(40) + cells.join(''))
  }
}

function bodyOf(texts: readonly string[]): string {
  const messages = texts.map((content, i) => ({ role: i % 2 === 0 ? 'user' : 'assistant', content }))
  return JSON.stringify({ model: 'cloakroom-auto', messages })
}

/** The long request, and small ones of a known text one after the other until it is answered. */
async function waitBeside(
  url: string,
  body: string,
): Promise<{ readonly wait: number; readonly took: number }> {
  const small = chatBody(0, false)
  await post(url, small)
  let isDone = false
  let wait = 0
  const start = performance.now()
  const long = post(url, body).then(() => {
    isDone = true
    return performance.now() - start
  })
  while (!isDone) {
    const before = performance.now()
    await post(url, small)
    wait = Math.max(wait, performance.now() - before)
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS))
  }
  return { wait, took: await long }
}

function post(url: string, body: string): Promise<void> {
  const headers = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) }
  return new Promise((resolve, reject) => {
    const outgoing = request(
      `${url}/v1/chat/completions`,
      { method: 'POST', headers, agent: false },
      (answer) => {
        answer.resume().once('end', () => {
          if (answer.statusCode === 200) resolve()
          else reject(new Error(`the answer is ${answer.statusCode}`))
        })
      },
    )
    outgoing.once('error', reject)
    outgoing.end(body)
  })
}

function median(numbers: readonly number[]): number {
  const sorted = [...numbers].sort((a, b) => a - b)
  return sorted[Math.floor(sorted.length / 2)] ?? 0
}
