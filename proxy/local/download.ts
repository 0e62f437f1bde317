/**
 * Fetches a model file, when a person asks for it on the command line and never otherwise. What was fetched goes on
 * where it stopped; a file gets its name only once its SHA-256 is right.
 */
import { mkdir, open, rename, rm, stat } from 'node:fs/promises'
import { basename, dirname } from 'node:path'
import { type Dispatcher, request } from 'undici'
import { LocalModelError } from './errors.ts'
import { type HashProgress, hashFile } from './model-file.ts'
import { watchProgress } from './progress.ts'

/** Where a file is: `hf:OWNER/REPOSITORY/PATH.gguf`, with `@REVISION` at its end for another than `main`. */
export interface HubFile {
  readonly repository: string
  readonly path: string
  readonly revision: string
}

/** How a file is fetched. */
export interface DownloadOptions {
  /** The hub or a mirror of it, such as `https://huggingface.co`. */
  readonly endpoint: string
  /** Where the file goes; the unfinished one stands beside it. */
  readonly target: string
  /** The SHA-256 it must have, hexadecimal; null: the one that the hub states. */
  readonly sha256: string | null
  /** Longest time without a byte, in ms. */
  readonly stallMs: number
  readonly signal: AbortSignal
  readonly onProgress?: HashProgress
}

const REFERENCE =
  /^hf:([A-Za-z0-9][\w.-]{0,95}\/[A-Za-z0-9][\w.-]{0,95})\/((?:[A-Za-z0-9][\w.-]{0,127}\/){0,4}[A-Za-z0-9][\w.-]{0,200}\.gguf)(?:@([A-Za-z0-9][\w.-]{0,127}))?$/
const SHA256 = /^"?([0-9a-f]{64})"?$/i
const MAX_REDIRECTS = 5

/** Reads a reference; null for what is none. */
export function parseHubFile(text: string): HubFile | null {
  const [, repository, path, revision = 'main'] = REFERENCE.exec(text) ?? []
  if (repository === undefined || path === undefined || text.includes('..')) return null
  return { repository, path, revision }
}

/**
 * Fetches a file and gives its path. Rejects with `LocalModelError`: `unreachable`, `status`, `redirect`, `truncated`,
 * `hash_mismatch` (what was fetched is removed), `unreadable`, or with the codes `timeout` and `aborted`.
 */
export async function downloadModel(file: HubFile, options: DownloadOptions): Promise<string> {
  const part = `${options.target}.part`
  await mkdir(dirname(options.target), { recursive: true })
  const watch = watchProgress(options.stallMs, options.signal)
  try {
    const have = await sizeOf(part)
    const isRight = await fetchAndCheck(part, have, file, options, watch)
    // What was begun may be of a file that the server has replaced since, or of another one of this name.
    if (!isRight && !(have > 0 && (await fetchAndCheck(part, 0, file, options, watch)))) {
      const message = `${basename(options.target)} is not the file that was asked for: its SHA-256 differs, and it was removed`
      throw new LocalModelError('not_loaded', message, { reason: 'hash_mismatch' })
    }
    await rename(part, options.target)
    return options.target
  } catch (error) {
    throw asDownloadError(watch.reasonFor(asDownloadError(error)))
  } finally {
    watch.stop()
  }
}

function sizeOf(path: string): Promise<number> {
  return stat(path).then(
    ({ size }) => size,
    () => 0,
  )
}

/** Whether the file has the hash it must have; one that has not is removed. */
async function fetchAndCheck(
  part: string,
  have: number,
  file: HubFile,
  options: DownloadOptions,
  watch: Watch,
): Promise<boolean> {
  const stated = await fetchInto(part, have, file, options, watch)
  const wanted = options.sha256 ?? stated
  if (wanted === null) {
    throw new LocalModelError('failed', 'the server states no SHA-256 for the file: give it with --sha256')
  }
  const hash = await hashFile(part, options.signal, (done, total) => {
    watch.touch()
    options.onProgress?.(done, total)
  })
  if (hash === wanted.toLowerCase()) return true
  await rm(part, { force: true })
  return false
}

type Watch = ReturnType<typeof watchProgress>

/** Puts what is missing after the first `have` bytes of the unfinished file; gives the SHA-256 that the hub states. */
async function fetchInto(
  part: string,
  have: number,
  file: HubFile,
  options: DownloadOptions,
  watch: Watch,
): Promise<string | null> {
  const base = new URL(options.endpoint.endsWith('/') ? options.endpoint : `${options.endpoint}/`)
  const url = new URL(`${file.repository}/resolve/${file.revision}/${file.path}`, base)
  const { response, sha256 } = await follow(url, have, watch.signal)
  // 416: nothing is left to fetch.
  if (response.statusCode === 416 && have > 0) {
    await drop(response)
    return sha256
  }
  const resumes = response.statusCode === 206
  await refuseOther(response, have)
  const start = resumes ? have : 0
  const length = Number(response.headers['content-length'] ?? Number.NaN)
  let done = start
  // Written piece by piece: what is here when the connection breaks need not be fetched again.
  const output = await open(part, resumes ? 'a' : 'w')
  try {
    for await (const piece of response.body as AsyncIterable<Uint8Array>) {
      watch.touch()
      await output.write(piece)
      done += piece.length
      options.onProgress?.(done, start + length)
    }
  } finally {
    await output.close()
  }
  if (Number.isFinite(length) && done < start + length) {
    throw new LocalModelError('failed', 'the file ended early: run it again to go on', {
      reason: 'truncated',
    })
  }
  return sha256
}

/** Refuses what is not the file, or not the part of it that was asked for, before what is here is written over. */
async function refuseOther(
  { statusCode, headers, body }: Dispatcher.ResponseData,
  have: number,
): Promise<void> {
  const range = /^bytes (\d+)-/.exec(String(headers['content-range'] ?? ''))
  const isOtherPart = statusCode === 206 && (have === 0 || (range !== null && Number(range[1]) !== have))
  const isPage = String(headers['content-type'] ?? '').startsWith('text/html')
  if ((statusCode === 200 || statusCode === 206) && !isOtherPart && !isPage) return
  body.on('error', () => undefined).destroy()
  const what = isPage ? 'with a page' : isOtherPart ? 'with another part of the file' : String(statusCode)
  throw new LocalModelError('failed', `the server of the model answered ${what}`, { reason: 'status' })
}

/** Follows redirects to where the file is; the hub states its hash on the way. */
async function follow(
  url: URL,
  have: number,
  signal: AbortSignal,
): Promise<{ readonly response: Dispatcher.ResponseData; readonly sha256: string | null }> {
  let sha256: string | null = null
  let here = url
  for (let hops = 0; hops <= MAX_REDIRECTS; hops++) {
    const response = await request(here, {
      headers: { 'user-agent': 'cloakroom', ...(have > 0 ? { range: `bytes=${have}-` } : {}) },
      signal,
    })
    sha256 ??= SHA256.exec(String(response.headers['x-linked-etag'] ?? ''))?.[1]?.toLowerCase() ?? null
    if (response.statusCode < 300 || response.statusCode >= 400) return { response, sha256 }
    await drop(response)
    const location = response.headers.location
    if (typeof location !== 'string' || !URL.canParse(location, here.href)) break
    const next = new URL(location, here)
    // From https never to less.
    if (next.protocol !== 'https:' && next.protocol !== url.protocol) break
    here = next
  }
  throw new LocalModelError('failed', 'the server of the model redirects to where it must not', {
    reason: 'redirect',
  })
}

async function drop(response: Dispatcher.ResponseData): Promise<void> {
  response.body.on('error', () => undefined).destroy()
}

function asDownloadError(error: unknown): LocalModelError {
  if (error instanceof LocalModelError) return inWordsOfDownloads(error)
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  if (code === 'ENOSPC' || code === 'EACCES' || code === 'EROFS') {
    return new LocalModelError('failed', `the file cannot be written (${code})`, { reason: 'unreadable' })
  }
  return new LocalModelError(
    'failed',
    'the server of the model cannot be reached, or broke off: run it again to go on',
    {
      reason: 'unreachable',
    },
  )
}

/** Limits of time are shared with answers, and say so. */
function inWordsOfDownloads(error: LocalModelError): LocalModelError {
  if (error.code === 'timeout') {
    return new LocalModelError('timeout', 'the server of the model fell silent: run it again to go on')
  }
  if (error.code !== 'aborted') return error
  return new LocalModelError('aborted', 'the download took too long or was stopped: run it again to go on')
}
