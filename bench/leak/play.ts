/** Plays a stream through the wire and the restorers, and puts the client's texts together as clients do. */
import type { WireObject } from '../../proxy/ports.ts'
import { decodeSse, ENDPOINTS, type Endpoint } from '../../proxy/wire/index.ts'
import { createLanes, type Vault } from '../../restore/index.ts'
import type { StreamScript } from './scripts.ts'

/** Hosts of the request: values may go into their URLs. */
const HOSTS: ReadonlySet<string> = new Set(['shop.example.com'])

async function* of(chunks: readonly Uint8Array[]): AsyncGenerator<Uint8Array> {
  for (const chunk of chunks) yield chunk
}

/** The texts that a client of the script's endpoint has at the end. */
export async function play(
  script: StreamScript,
  chunks: readonly Uint8Array[],
  vault: Vault,
): Promise<Record<string, string>> {
  const endpoint = ENDPOINTS.find(({ name }) => name === script.endpoint) as Endpoint
  const stream = endpoint.openStream(endpoint.parse(structuredClone(script.request)), { id: 'BENCH' })
  const lanes = createLanes(vault, { allowedHosts: HOSTS })
  const texts: Record<string, string> = {}
  const take = (step: ReturnType<typeof stream.push> | null): void => {
    for (const slot of step?.slots ?? []) slot.write(lanes.restore(slot))
    for (const { data } of step?.events ?? []) addTexts(script.endpoint, data, texts)
  }
  for await (const event of decodeSse(of(chunks), { doneMark: endpoint.doneMark })) {
    if (event.data === endpoint.doneMark) break
    const step = stream.push(event.data)
    take(step)
    if (step.last === true) break
  }
  take(stream.end())
  return texts
}

type Fields = Readonly<Record<string, unknown>>

function addTexts(
  endpoint: StreamScript['endpoint'],
  event: WireObject,
  texts: Record<string, string>,
): void {
  const add = (lane: string, text: unknown): void => {
    if (typeof text === 'string' && text !== '') texts[lane] = (texts[lane] ?? '') + text
  }
  if (endpoint === 'responses') addResponseTexts(event, add, texts)
  for (const choice of (event.choices ?? []) as readonly Fields[]) {
    const { index } = choice
    if (endpoint === 'completions') {
      add(`${index}.text`, choice.text)
      continue
    }
    const delta = choice.delta as Fields
    add(`${index}.content`, delta.content)
    add(`${index}.refusal`, delta.refusal)
    for (const call of (delta.tool_calls ?? []) as readonly Fields[]) {
      add(`${index}.tool.${call.index}`, (call.function as Fields | undefined)?.arguments)
    }
  }
}

const RESPONSE_LANES: Readonly<Record<string, string>> = {
  'response.output_text': 'text',
  'response.refusal': 'refusal',
  'response.function_call_arguments': 'arguments',
  'response.custom_tool_call_input': 'input',
  'response.reasoning_summary_text': 'summary',
}

/** Deltas are put together, and what the last event of a lane says must be the same. */
function addResponseTexts(
  event: WireObject,
  add: (lane: string, text: unknown) => void,
  texts: Readonly<Record<string, string>>,
): void {
  const type = String(event.type)
  const kind = RESPONSE_LANES[type.replace(/\.(delta|done)$/, '')]
  if (kind === undefined) return
  const part = kind === 'summary' ? `.${event.summary_index}` : ''
  const lane = `${event.output_index}.${kind}${part}`
  if (type.endsWith('.delta')) add(lane, event.delta)
  else if ((event.text ?? event.refusal ?? event.arguments ?? event.input) !== (texts[lane] ?? '')) {
    throw new Error('a copy differs from its deltas')
  }
}
