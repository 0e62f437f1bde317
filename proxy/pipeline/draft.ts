/**
 * A draft of the local model, judged before the client gets its first byte. The judge sees what the client would get
 * and how sure the model was of its words; the draft itself goes nowhere but to the client.
 */
import type { LayerStatus } from '../../detectors/index.ts'
import { confidence } from '../classify/index.ts'
import type { DraftOutcome, LocalModel, WireObject } from '../ports.ts'
import { Problem } from '../problem.ts'
import { askLocally, type LocalQuestion, type LocalSource, localProblem } from './local-answer.ts'

/** What the rules and the explain record learn of a draft. */
export interface DraftFacts {
  readonly outcome: DraftOutcome
  /** What the draft says of the local model. */
  readonly status: LayerStatus
  /** 0..1; null where nothing is known of it. */
  readonly confidence: number | null
}

/** A draft: an answer that can still be given, or why there is none. */
export type Draft =
  | { readonly facts: DraftFacts; readonly answer: LocalSource /** Frees the model. */; discard(): void }
  | { readonly facts: DraftFacts; readonly answer: null; readonly problem: Problem }

type Given = Omit<Extract<Draft, { discard(): void }>, 'discard'>

/** What a draft is made from. */
export interface DraftParts extends LocalQuestion {
  /** What the user asked last. */
  readonly question: string
  /** How long the client waits for its first byte, in ms. */
  readonly timeoutMs: number
}

/** Longest draft that is held back, in UTF-16 units; a longer one is given as it comes. */
const MAX_DRAFT = 256 * 1024

/** Models that were seen to refuse requests for log-probabilities. */
const withoutLogprobs = new WeakSet<LocalModel>()

/** Asks the local model and judges what it says. Rejects with a Problem only where there is nothing to decide. */
export async function draftLocally(parts: DraftParts): Promise<Draft> {
  const patience = wait(parts.timeoutMs)
  const given = new AbortController()
  try {
    const signal = AbortSignal.any([parts.signal, given.signal])
    return { ...(await attempt({ ...parts, signal }, patience.over)), discard: () => given.abort() }
  } catch (error) {
    const problem = localProblem(error)
    if (parts.signal.aborted || (problem.code !== 'local_unavailable' && problem.code !== 'overloaded')) {
      throw problem
    }
    const status = codeOf(error) === 'timeout' ? 'timeout' : 'down'
    return { facts: { outcome: 'failed', status, confidence: null }, answer: null, problem }
  } finally {
    patience.stop()
  }
}

/** Whatever cannot be judged is given as it is: a client that waits longer for it gains nothing. */
function unjudged(answer: LocalSource): Given {
  return { facts: { outcome: 'unjudged', status: 'ok', confidence: null }, answer }
}

async function attempt(parts: DraftParts, late: Promise<typeof LATE>): Promise<Given> {
  const { model } = parts
  if (withoutLogprobs.has(model)) return read(parts, askLocally(parts), late)
  try {
    return await read(parts, askLocally(parts, { logprobs: true }), late)
  } catch (error) {
    if (codeOf(error) !== 'unsupported') throw error
    // Refused once more without: the request itself is what the model cannot do, and this says so.
    const draft = await read(parts, askLocally(parts), late)
    withoutLogprobs.add(model)
    return draft
  }
}

function read(parts: DraftParts, source: LocalSource, late: Promise<typeof LATE>): Promise<Given> {
  return source.kind === 'whole'
    ? readWhole(parts, source.answer, late)
    : readStream(parts, source.chunks, late)
}

async function readWhole(
  parts: DraftParts,
  answer: Promise<WireObject>,
  late: Promise<typeof LATE>,
): Promise<Given> {
  const said = await Promise.race([answer, late])
  if (said === LATE) {
    answer.catch(() => undefined) // reported by whoever awaits it next
    return unjudged({ kind: 'whole', answer })
  }
  const words = new DraftWords()
  words.add(choiceOf(said), 'message')
  return judged(parts, words, { kind: 'whole', answer })
}

async function readStream(
  parts: DraftParts,
  chunks: AsyncIterator<WireObject>,
  late: Promise<typeof LATE>,
): Promise<Given> {
  const seen: WireObject[] = []
  const words = new DraftWords()
  for (;;) {
    const pending = chunks.next()
    const next = await Promise.race([pending, late])
    if (next === LATE) {
      pending.catch(() => undefined) // reported by whoever awaits it next
      return unjudged({ kind: 'stream', chunks: replay(seen, pending, chunks) })
    }
    const rest: LocalSource = { kind: 'stream', chunks: replay(seen, null, chunks) }
    if (next.done === true) return judged(parts, words, rest)
    seen.push(next.value)
    words.add(choiceOf(next.value), 'delta')
    if (!words.canBeJudged) return unjudged(rest)
  }
}

function judged(parts: DraftParts, words: DraftWords, answer: LocalSource): Given {
  if (!words.canBeJudged) return unjudged(answer)
  const value = confidence(parts.question, words.text, words.logprobs)
  return { facts: { outcome: 'judged', status: 'ok', confidence: value }, answer }
}

/** What was read, then what is still to come. */
async function* replay(
  seen: readonly WireObject[],
  pending: Promise<IteratorResult<WireObject>> | null,
  chunks: AsyncIterator<WireObject>,
): AsyncGenerator<WireObject, void, void> {
  try {
    yield* seen
    for (let next = await (pending ?? chunks.next()); next.done !== true; next = await chunks.next()) {
      yield next.value
    }
  } finally {
    await chunks.return?.()
  }
}

type Fields = Readonly<Record<string, unknown>>

const isFields = (value: unknown): value is Fields => typeof value === 'object' && value !== null

/** The first choice of a chat answer or chunk; others are more of the same. */
function choiceOf(said: WireObject): Fields | null {
  const choices: readonly unknown[] = Array.isArray(said.choices) ? said.choices : []
  return choices.filter(isFields).find(({ index }) => index === undefined || index === 0) ?? null
}

/** The text of a draft as it grows, and how sure the model was of each token. */
class DraftWords {
  readonly logprobs: number[] = []
  #parts: string[] = []
  #length = 0
  #calls = false

  get text(): string {
    return this.#parts.join('')
  }

  /** Calls of tools are not text, and long drafts are not held back. */
  get canBeJudged(): boolean {
    return !this.#calls && this.#length <= MAX_DRAFT
  }

  add(choice: Fields | null, place: 'message' | 'delta'): void {
    const message = choice?.[place]
    if (choice === null || !isFields(message)) return
    if (Array.isArray(message.tool_calls) && message.tool_calls.length > 0) this.#calls = true
    if (typeof message.content === 'string') {
      this.#parts.push(message.content)
      this.#length += message.content.length
    }
    const tokens: readonly unknown[] =
      isFields(choice.logprobs) && Array.isArray(choice.logprobs.content) ? choice.logprobs.content : []
    for (const token of tokens) {
      if (isFields(token) && typeof token.logprob === 'number') this.logprobs.push(token.logprob)
    }
  }
}

const LATE = Symbol('late')

function wait(timeoutMs: number): { readonly over: Promise<typeof LATE>; stop(): void } {
  let timer: NodeJS.Timeout | undefined
  const over = new Promise<typeof LATE>((resolve) => {
    timer = setTimeout(() => resolve(LATE), timeoutMs)
  })
  return { over, stop: () => clearTimeout(timer) }
}

function codeOf(error: unknown): string {
  if (error instanceof Problem) return ''
  return error instanceof Error && 'code' in error ? String(error.code) : ''
}
