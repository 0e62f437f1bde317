/** Streams of a cloud with placeholders in every lane and position, and what a client must make of them. */
import { Buffer } from 'node:buffer'
import { type CloudMessage, chatEvents } from '../../proxy/demo/chat-script.ts'
import { responseEvents, type ScriptItem } from '../../test/support/responses-script.ts'

/** The texts that stand where placeholders or values stand. */
export interface Words {
  readonly person: string
  readonly mail: string
  readonly card: string
  /** Looks like a placeholder and is none. */
  readonly stray: string
  /** The beginning of a placeholder. */
  readonly half: string
}

/** One stream: its bytes, and the texts by lane that a client must end up with. */
export interface StreamScript {
  readonly name: string
  readonly endpoint: 'chat' | 'completions' | 'responses'
  readonly request: object
  readonly bytes: Buffer
  readonly expected: Readonly<Record<string, string>>
}

type Wording = (words: Words) => string

const TEXTS: readonly (readonly [string, Wording])[] = [
  ['one value', ({ person }) => `Hello ${person}, how are you?`],
  ['at the start', ({ mail }) => `${mail} is the address`],
  ['at the end', ({ card }) => `the card is ${card}`],
  ['alone', ({ person }) => person],
  ['side by side', ({ person, mail }) => `${person} ${mail} ${person}`],
  ['with signs around', ({ person, mail }) => `(${person}), "${mail}"; ${person}.`],
  [
    'look-alikes',
    ({ person, stray, half }) => `${stray} and ${half} and ${person}${stray === '' ? '' : ` ${stray}`}`,
  ],
  ['the beginning of one at the end', ({ mail, half }) => `to ${mail} or ${half}`],
  ['other scripts', ({ person }) => `お客様 ${person} 様、😀 ${person} привет`],
  ['lines and Markdown', ({ person, mail }) => `# Note\n\n- **${person}**\n- \`${mail}\`\n\n> ${person}\r\n`],
  ['a link of the request', ({ mail }) => `see https://shop.example.com/?m=${mail} there`],
  [
    'many',
    ({ person, mail, card }) => Array.from({ length: 5 }, () => `${person}, ${mail}, ${card}`).join('; '),
  ],
]
const DATA: readonly (readonly [string, (words: Words) => unknown])[] = [
  ['an object', ({ person, mail }) => ({ to: mail, name: person })],
  [
    'nested JSON',
    ({ person }) => ({ deep: JSON.stringify({ who: person, again: JSON.stringify([person]) }) }),
  ],
  ['a list', ({ mail, card, stray }) => [mail, [card, [stray]], 1, null]],
  ['a name', ({ mail }) => ({ [mail]: true })],
]

interface Frame {
  readonly pieceLength: number
  readonly lineEnd: string
  readonly noise: boolean
}
const FRAMES: readonly Frame[] = [
  { pieceLength: 2, lineEnd: '\n', noise: false },
  { pieceLength: 3, lineEnd: '\r\n', noise: true },
  { pieceLength: 7, lineEnd: '\r', noise: false },
  { pieceLength: 1000, lineEnd: '\n', noise: true },
]

/** Events as bytes; with noise, a byte order mark, comments, ids and data over several lines. */
function framed(datas: readonly { readonly name?: string; readonly data: string }[], frame: Frame): Buffer {
  const { lineEnd: end, noise } = frame
  const events = datas.map(({ name, data }, index) => {
    const line = name === undefined ? '' : `event: ${name}${end}`
    const before = noise && index % 3 === 0 ? `: keep-alive${end}${end}` : ''
    const id = noise ? `id: ${index}${end}` : ''
    return `${before}${id}${line}data: ${data}${end}${end}`
  })
  return Buffer.from((noise ? '\uFEFF' : '') + events.join(''))
}

function chatScript(
  name: string,
  build: (words: Words) => CloudMessage,
  sides: { readonly out: Words; readonly back: Words },
  frame: Frame,
): StreamScript {
  const datas = [...chatEvents('m', [build(sides.out), build(sides.out)], true, frame.pieceLength), '[DONE]']
  const expected: Record<string, string> = {}
  const { content, refusal, toolCalls } = build(sides.back)
  for (const choice of [0, 1]) {
    if (content !== undefined) expected[`${choice}.content`] = content
    if (refusal !== undefined) expected[`${choice}.refusal`] = refusal
    for (const [tool, call] of (toolCalls ?? []).entries())
      expected[`${choice}.tool.${tool}`] = call.arguments
  }
  const json = name.includes('JSON mode') ? { response_format: { type: 'json_object' } } : {}
  const request = { model: 'm', stream: true, n: 2, messages: [{ role: 'user', content: 'x' }], ...json }
  return {
    name: `chat: ${name}`,
    endpoint: 'chat',
    request,
    bytes: framed(
      datas.map((data) => ({ data })),
      frame,
    ),
    expected,
  }
}

function completionScript(
  name: string,
  text: Wording,
  sides: { out: Words; back: Words },
  frame: Frame,
): StreamScript {
  const out = text(sides.out)
  const choice = (piece: string, finish_reason: string | null): string =>
    JSON.stringify({ id: 'c', created: 1, model: 'm', choices: [{ text: piece, index: 0, finish_reason }] })
  const pieces = Array.from({ length: Math.ceil(out.length / frame.pieceLength) }, (_, at) =>
    choice(out.slice(at * frame.pieceLength, (at + 1) * frame.pieceLength), null),
  )
  return {
    name: `completions: ${name}`,
    endpoint: 'completions',
    request: { model: 'm', stream: true, prompt: 'x' },
    bytes: framed(
      [...pieces, choice('', 'stop'), '[DONE]'].map((data) => ({ data })),
      frame,
    ),
    expected: { '0.text': text(sides.back) },
  }
}

function responsesScript(
  name: string,
  build: (words: Words) => readonly ScriptItem[],
  sides: { out: Words; back: Words },
  frame: Frame,
): StreamScript {
  const json = name.includes('JSON mode') ? { text: { format: { type: 'json_object' } } } : {}
  const request = { model: 'm', stream: true, input: 'x', ...json }
  const events = responseEvents(request, build(sides.out), frame.pieceLength)
  const expected: Record<string, string> = {}
  for (const [index, item] of build(sides.back).entries()) {
    if ('text' in item) expected[`${index}.text`] = item.text
    else if ('refusal' in item) expected[`${index}.refusal`] = item.refusal
    else if ('call' in item) expected[`${index}.arguments`] = item.arguments
    else if ('custom' in item) expected[`${index}.input`] = item.input
    else for (const [part, text] of item.summary.entries()) expected[`${index}.summary.${part}`] = text
  }
  return {
    name: `responses: ${name}`,
    endpoint: 'responses',
    request,
    bytes: framed(
      events.map((event) => ({ name: String(event.type), data: JSON.stringify(event) })),
      frame,
    ),
    expected,
  }
}

/** All scripts. `out` is what the cloud writes, `back` what the client must read. */
export function streamScripts(out: Words, back: Words): readonly StreamScript[] {
  const sides = { out, back }
  const scripts: StreamScript[] = []
  let turn = 0
  const frame = (): Frame => FRAMES[turn++ % FRAMES.length] as Frame
  for (const [name, text] of TEXTS) {
    scripts.push(
      chatScript(`content, ${name}`, (words) => ({ content: text(words) }), sides, frame()),
      chatScript(`refusal, ${name}`, (words) => ({ refusal: text(words) }), sides, frame()),
      completionScript(name, text, sides, frame()),
      responsesScript(`text, ${name}`, (words) => [{ text: text(words) }], sides, frame()),
      responsesScript(
        `thoughts, refusal and custom input, ${name}`,
        (words) => [
          { summary: [text(words)] },
          { refusal: text(words) },
          { custom: 'run', input: text(words) },
        ],
        sides,
        frame(),
      ),
    )
  }
  for (const [name, data] of DATA) {
    const json = (words: Words): string => JSON.stringify(data(words))
    const calls = (words: Words) => [
      { name: 'find', arguments: json(words) },
      { name: 'save', arguments: json(words) },
    ]
    scripts.push(
      chatScript(`tools, ${name}`, (words) => ({ toolCalls: calls(words) }), sides, frame()),
      chatScript(`JSON mode, ${name}`, (words) => ({ content: json(words) }), sides, frame()),
      responsesScript(
        `tools, ${name}`,
        (words) => [{ call: 'find', arguments: json(words) }],
        sides,
        frame(),
      ),
      responsesScript(`JSON mode, ${name}`, (words) => [{ text: json(words) }], sides, frame()),
    )
  }
  return scripts
}

/** Harmless changes that models make to placeholders. */
export const TOLERATED: readonly (readonly [string, (placeholder: string) => string])[] = [
  ['as issued', (placeholder) => placeholder],
  ['lower case', (placeholder) => placeholder.toLowerCase()],
  ['capitalised', (placeholder) => placeholder.charAt(0) + placeholder.slice(1).toLowerCase()],
  ['escaped underscore', (placeholder) => placeholder.replaceAll('_', '\\_')],
  ['bold', (placeholder) => `**${placeholder}**`],
  ['bold type alone', (placeholder) => placeholder.replace(/^([A-Z]+)/, '**$1**')],
  ['code', (placeholder) => `\`${placeholder}\``],
  ['space for underscore', (placeholder) => placeholder.replace(/_(?=[^_]*$)/, ' ')],
  ['spaces around the underscore', (placeholder) => placeholder.replace(/_(?=[^_]*$)/, ' _ ')],
  ['hyphen for underscore', (placeholder) => placeholder.replace(/_(?=[^_]*$)/, '-')],
  ['HTML', (placeholder) => placeholder.replaceAll('_', '&#95;')],
  [
    'full-width',
    (placeholder) => [...placeholder].map((one) => String.fromCharCode(one.charCodeAt(0) + 0xfee0)).join(''),
  ],
  ['zero-width space', (placeholder) => placeholder.replace(/_(?=[^_]*$)/, '_\u200b')],
  ['no-break space', (placeholder) => placeholder.replace(/_(?=[^_]*$)/, '\u00a0')],
  ['possessive', (placeholder) => `${placeholder}'s`],
  ['brackets', (placeholder) => `[${placeholder}]`],
]
