/** The registry of local model files: what was added, with the hash it had then. `models add/verify/list`. */

import { randomUUID } from 'node:crypto'
import { mkdir, open, readFile, rename, rm, stat } from 'node:fs/promises'
import { basename, join, resolve } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { z } from 'zod'
import type { Clock } from '../ports.ts'
import { LocalModelError } from './errors.ts'
import { type HashProgress, hashFile, inspectModelFile } from './model-file.ts'

const MODEL = z.strictObject({
  name: z.string(),
  path: z.string(),
  sha256: z.string().regex(/^[0-9a-f]{64}$/u),
  bytes: z.number().int().nonnegative(),
  architecture: z.string(),
  quantisation: z.string().nullable(),
  licence: z.string().nullable(),
  context_tokens: z.number().int().nullable(),
  added: z.number(),
})
const REGISTRY = z.strictObject({ version: z.literal(1), models: z.array(MODEL) })

/** One model file. `path` is absolute; `added` in ms since the epoch; null where the file says nothing. */
export type RegisteredModel = Readonly<z.infer<typeof MODEL>>

/** A registered file compared with what it is now. */
export interface ModelVerdict {
  readonly model: RegisteredModel
  /** `changed`: other bytes than when it was added. */
  readonly state: 'ok' | 'changed' | 'missing' | 'unreadable'
}

/** Name of the registry inside the data directory. */
export const REGISTRY_FILE = 'models.json'

/**
 * Every registered model, in the order added; empty without a registry.
 * Rejects with `LocalModelError` (`not_loaded`, `unreadable`) on a registry that is not one.
 */
export async function listModels(dataDir: string): Promise<readonly RegisteredModel[]> {
  const path = join(dataDir, REGISTRY_FILE)
  let text: string
  try {
    text = await readFile(path, 'utf8')
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return []
    throw registryError(path, 'cannot be read', error)
  }
  const parsed = REGISTRY.safeParse(parseJson(path, text))
  if (!parsed.success) throw registryError(path, 'is not a registry of models', parsed.error)
  return parsed.data.models
}

/**
 * Reads a model file through, and writes it into the registry; a file that is there already is replaced.
 * Rejects with the errors of `inspectModelFile`.
 */
export async function addModel(
  dataDir: string,
  file: string,
  options: { readonly now: Clock; readonly signal?: AbortSignal; readonly onProgress?: HashProgress },
): Promise<RegisteredModel> {
  const path = resolve(file)
  const { sha256, bytes, gguf } = await inspectModelFile(path, options.signal, options.onProgress)
  const model: RegisteredModel = {
    name: gguf.name ?? basename(path, '.gguf'),
    path,
    sha256,
    bytes,
    architecture: gguf.architecture,
    quantisation: gguf.quantisation,
    licence: gguf.licence,
    context_tokens: gguf.contextLength,
    added: options.now(),
  }
  await mkdir(dataDir, { recursive: true })
  const unlock = await lockRegistry(join(dataDir, REGISTRY_FILE))
  try {
    const others = (await listModels(dataDir)).filter((known) => known.path !== path)
    await writeRegistry(dataDir, [...others, model])
  } finally {
    await unlock()
  }
  return model
}

const LOCK_STEP_MS = 50
const LOCK_STEPS = 60

/**
 * Keeps whoever else adds a model waiting, so that no entry is lost between reading and writing. That takes
 * milliseconds: a lock that has not changed for some seconds was left by a process that died, and is taken over.
 */
async function lockRegistry(path: string): Promise<() => Promise<void>> {
  const lock = `${path}.lock`
  let seen: string | null = null
  for (let steps = 0; ; steps += 1) {
    try {
      await (await open(lock, 'wx', 0o600)).close()
      return () => rm(lock, { force: true })
    } catch (error) {
      const isHeld = error instanceof Error && 'code' in error && error.code === 'EEXIST'
      if (!isHeld) throw registryError(path, 'cannot be written', error)
    }
    const held = await stat(lock, { bigint: true }).then(
      ({ ino, mtimeNs }) => `${ino} ${mtimeNs}`,
      () => null,
    )
    if (held !== seen) [seen, steps] = [held, 0]
    else if (steps > LOCK_STEPS) await rm(lock, { force: true })
    await setTimeout(LOCK_STEP_MS)
  }
}

/** Hashes every registered file again, one after the other; yields each verdict as it is known. */
export async function* verifyModels(
  dataDir: string,
  signal?: AbortSignal,
): AsyncGenerator<ModelVerdict, void, void> {
  for (const model of await listModels(dataDir)) {
    yield { model, state: await stateOf(model, signal) }
  }
}

/** The hash under which a file was registered; null when it was not. */
export async function registeredHash(dataDir: string, file: string): Promise<string | null> {
  const path = resolve(file)
  return (await listModels(dataDir)).find((model) => model.path === path)?.sha256 ?? null
}

async function stateOf(model: RegisteredModel, signal?: AbortSignal): Promise<ModelVerdict['state']> {
  try {
    return (await hashFile(model.path, signal)) === model.sha256 ? 'ok' : 'changed'
  } catch (error) {
    if (!(error instanceof LocalModelError) || error.code === 'aborted') throw error
    return error.reason === 'missing' ? 'missing' : 'unreadable'
  }
}

function registryError(path: string, what: string, cause: unknown): LocalModelError {
  return new LocalModelError('not_loaded', `the registry ${path} ${what}`, { reason: 'unreadable', cause })
}

function parseJson(path: string, text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    throw registryError(path, 'is not JSON', error)
  }
}

/** A new file moved over the old one, so that a crash leaves one of them whole. */
async function writeRegistry(dataDir: string, models: readonly RegisteredModel[]): Promise<void> {
  const path = join(dataDir, REGISTRY_FILE)
  const draft = `${path}.${randomUUID()}.tmp`
  try {
    const handle = await open(draft, 'wx', 0o600)
    try {
      await handle.writeFile(`${JSON.stringify({ version: 1, models }, null, 2)}\n`)
      await handle.sync()
    } finally {
      await handle.close()
    }
    await rename(draft, path)
  } catch (error) {
    await rm(draft, { force: true })
    throw registryError(path, 'cannot be written', error)
  }
}
