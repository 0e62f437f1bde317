/** A token classifier in the ONNX runtime: texts in, entities out. Runs in a thread of its own. */
import type { Finding } from '../../detectors/index.ts'
import { NamesError } from './errors.ts'
import { type ModelFolder, readModelFolder } from './onnx-folder.ts'
import { entitiesOf, type PieceVerdict, verdictOf } from './piece-labels.ts'
import type { TextPiece } from './tokenizer/index.ts'
import { windowsOf } from './windows.ts'

/** Optional: whoever wants this engine installs it. */
const RUNTIME = 'onnxruntime-node'
/** Texts are cut into pieces in stretches of this many units. */
const STRETCH = 2000
/** A quarter of a window is read twice, so that each piece is judged with context on both sides. */
const OVERLAP_SHARE = 0.25

/** The little of the runtime that is used. */
interface Runtime {
  readonly InferenceSession: { create(path: string, options: object): Promise<Session> }
  readonly Tensor: new (type: 'int64', values: BigInt64Array, shape: readonly number[]) => unknown
}
interface Session {
  readonly inputNames: readonly string[]
  readonly outputNames: readonly string[]
  run(feeds: Readonly<Record<string, unknown>>): Promise<Readonly<Record<string, Output>>>
}
interface Output {
  readonly data: ArrayLike<number>
  readonly dims: readonly number[]
}

/** A loaded model. */
export interface OnnxModel {
  /** Entities of a text, spans in UTF-16 units. `isOver` ends it between windows with an empty list. */
  find(text: string, isOver: () => boolean): Promise<readonly Finding[]>
}

/** Loads the runtime and the model. Rejects with `NamesError` that says what is missing. */
export async function loadOnnxModel(folder: string, minScore: number): Promise<OnnxModel> {
  const model = readModelFolder(folder)
  const runtime = await loadRuntime()
  const session = await createSession(runtime, model.modelFile)
  const feedsOf = feeder(runtime, session.inputNames)
  const output = session.outputNames.includes('logits') ? 'logits' : (session.outputNames[0] ?? 'logits')
  const judge = async (pieces: readonly TextPiece[]): Promise<PieceVerdict[]> => {
    const { before, after } = model.tokenizer
    const ids = [...before, ...pieces.map(({ id }) => id), ...after]
    const found = (await session.run(feedsOf(ids)))[output]
    const width = model.labels.length
    if (found === undefined || found.data.length !== ids.length * width)
      throw new NamesError('unsupported', 'the model answers in a shape that its labels do not explain')
    return pieces.map((_, n) => {
      const row = (n + before.length) * width
      return verdictOf(Array.prototype.slice.call(found.data, row, row + width), model.labels)
    })
  }
  // A model that cannot read one word cannot read any: better known at the start.
  await judge(model.tokenizer.pieces('name'))
  return {
    async find(text, isOver) {
      const pieces = piecesOf(model, text)
      const verdicts = await judgeAll(model, pieces, judge, isOver)
      return verdicts === null ? [] : entitiesOf(text, pieces, verdicts, minScore)
    },
  }
}

async function loadRuntime(): Promise<Runtime> {
  try {
    const loaded: { default?: Runtime } & Partial<Runtime> = await import(RUNTIME)
    const runtime = loaded.InferenceSession === undefined ? loaded.default : loaded
    if (isRuntime(runtime)) return runtime
  } catch {
    // The reason is the same for whoever has to act: it is not there, or not for this machine.
  }
  throw new NamesError(
    'runtime_missing',
    `ner_engine onnx needs the package ${RUNTIME}: npm install --ignore-scripts ${RUNTIME}`,
  )
}

function isRuntime(value: Partial<Runtime> | undefined): value is Runtime {
  return value?.InferenceSession !== undefined && value.Tensor !== undefined
}

async function createSession(runtime: Runtime, path: string): Promise<Session> {
  try {
    return await runtime.InferenceSession.create(path, { executionProviders: ['cpu'], logSeverityLevel: 4 })
  } catch {
    throw new NamesError('load_failed', `${path} cannot be loaded as an ONNX model`)
  }
}

/** Makes a model's inputs. Throws `NamesError` when it wants one that is not known. */
function feeder(
  runtime: Runtime,
  names: readonly string[],
): (ids: readonly number[]) => Record<string, unknown> {
  const fills: Readonly<Record<string, (id: number, at: number) => number>> = {
    input_ids: (id) => id,
    attention_mask: () => 1,
    token_type_ids: () => 0,
    position_ids: (_, at) => at,
  }
  const strange = names.find((name) => !(name in fills))
  if (strange !== undefined || !names.includes('input_ids'))
    throw new NamesError('unsupported', 'the model wants inputs that a token classifier does not have')
  return (ids) =>
    Object.fromEntries(
      names.map((name) => {
        const values = BigInt64Array.from(ids, (id, at) => BigInt(fills[name]?.(id, at) ?? 0))
        return [name, new runtime.Tensor('int64', values, [1, ids.length])]
      }),
    )
}

function piecesOf(model: ModelFolder, text: string): TextPiece[] {
  const pieces: TextPiece[] = []
  for (const stretch of windowsOf(text, STRETCH, 0)) {
    for (const { id, start, end } of model.tokenizer.pieces(stretch.text))
      pieces.push({ id, start: start + stretch.start, end: end + stretch.start })
  }
  return pieces
}

/** Verdicts on all pieces, window by window; where windows overlap, the surer one counts. Null when it was over. */
async function judgeAll(
  { tokenizer, maxPieces }: ModelFolder,
  pieces: readonly TextPiece[],
  judge: (pieces: readonly TextPiece[]) => Promise<PieceVerdict[]>,
  isOver: () => boolean,
): Promise<PieceVerdict[] | null> {
  const size = maxPieces - tokenizer.before.length - tokenizer.after.length
  const stride = Math.max(1, Math.floor(size * (1 - OVERLAP_SHARE)))
  const verdicts: PieceVerdict[] = []
  for (let from = 0; from < pieces.length; from += stride) {
    if (isOver()) return null
    const judged = await judge(pieces.slice(from, from + size))
    for (const [n, verdict] of judged.entries()) {
      const known = verdicts[from + n]
      if (known === undefined || verdict.score > known.score) verdicts[from + n] = verdict
    }
    if (from + size >= pieces.length) break
  }
  return verdicts
}
