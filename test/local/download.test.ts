/** Fetching a model file from a hub that is slow, breaks off, lies, or sends elsewhere. */
import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, beforeEach, describe, it } from 'node:test'
import { type DownloadOptions, downloadModel, parseHubFile } from '../../proxy/local/download.ts'

const BYTES = Buffer.from(Array.from({ length: 100_000 }, (_, i) => i % 251))
const HASH = createHash('sha256').update(BYTES).digest('hex')
const FILE = { repository: 'owner/repo', path: 'sub/model.gguf', revision: 'main' }

let dir: string
let server: Server
let endpoint: string
let handle: (request: IncomingMessage, response: ServerResponse) => void
let seen: { path: string; range: string | undefined }[] = []

/** The file, or the rest of it, with its hash. */
const serve: typeof handle = (request, response) => {
  const from = Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? '')?.[1] ?? 0)
  const head = { 'x-linked-etag': `"${HASH}"`, 'content-length': String(BYTES.length - from) }
  if (from >= BYTES.length) response.writeHead(416, { 'x-linked-etag': `"${HASH}"` }).end()
  else response.writeHead(from > 0 ? 206 : 200, head).end(BYTES.subarray(from))
}

before(async () => {
  server = createServer((request, response) => {
    seen.push({ path: request.url ?? '', range: request.headers.range })
    handle(request, response)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
})
after(() => {
  server.closeAllConnections()
  server.close()
})
beforeEach(() => {
  if (dir !== undefined) rmSync(dir, { recursive: true, force: true })
  dir = mkdtempSync(join(tmpdir(), 'cloakroom-download-'))
  seen = []
  handle = serve
})
after(() => rmSync(dir, { recursive: true, force: true }))

function fetchIt(change: Partial<DownloadOptions> = {}): Promise<string> {
  return downloadModel(FILE, {
    endpoint,
    target: join(dir, 'models', 'model.gguf'),
    sha256: null,
    stallMs: 60_000,
    signal: new AbortController().signal,
    ...change,
  })
}
const part = () => join(dir, 'models', 'model.gguf.part')

describe('downloading a model', () => {
  it('fetches the file, says how far it is, and checks the hash that the hub states', async () => {
    const steps: number[] = []
    const path = await fetchIt({ onProgress: (done) => void steps.push(done) })
    assert.deepEqual(readFileSync(path), BYTES)
    assert.equal(steps.at(-1), BYTES.length)
    assert.equal(seen[0]?.path, '/owner/repo/resolve/main/sub/model.gguf')
    assert.ok(!existsSync(part()))
  })

  it('goes on where it stopped', async () => {
    let breakOff: () => void = () => undefined
    handle = (request, response) => {
      response.writeHead(200, { 'x-linked-etag': `"${HASH}"`, 'content-length': String(BYTES.length) })
      response.write(BYTES.subarray(0, 40_000))
      breakOff = () => request.socket.destroy()
    }
    await assert.rejects(fetchIt({ onProgress: () => breakOff() }), {
      name: 'LocalModelError',
      reason: 'unreachable',
    })
    handle = serve
    assert.deepEqual(readFileSync(await fetchIt()), BYTES)
    assert.match(seen[1]?.range ?? '', /^bytes=\d+-$/)
  })

  it('asks for nothing more when everything is there', async () => {
    await assert.rejects(fetchIt({ sha256: 'a'.repeat(64) }), { reason: 'hash_mismatch' })
    await fetchIt()
    rmSync(join(dir, 'models', 'model.gguf'))
    writeFileSync(part(), BYTES)
    assert.deepEqual(readFileSync(await fetchIt()), BYTES)
  })

  it('starts anew where the server cannot go on', async () => {
    await fetchIt()
    writeFileSync(part(), BYTES.subarray(0, 10))
    handle = (_request, response) => {
      response.writeHead(200, { 'x-linked-etag': `"${HASH}"` }).end(BYTES)
    }
    assert.deepEqual(readFileSync(await fetchIt()), BYTES)
  })

  it('starts anew where the file changed after it was begun', async () => {
    await fetchIt()
    for (const begun of [Buffer.alloc(40_000, 7), Buffer.alloc(BYTES.length, 7), Buffer.alloc(200_000, 7)]) {
      seen = []
      writeFileSync(part(), begun)
      assert.deepEqual(readFileSync(await fetchIt()), BYTES)
      assert.deepEqual(
        seen.map(({ range }) => range),
        [`bytes=${begun.length}-`, undefined],
      )
    }
  })

  it('keeps what is here from an answer that is another part, or a page', async () => {
    await fetchIt()
    const begun = BYTES.subarray(0, 40_000)
    const answers: readonly (typeof handle)[] = [
      (_request, response) =>
        void response.writeHead(206, { 'content-range': 'bytes 0-99999/100000' }).end(BYTES),
      (_request, response) =>
        void response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' }).end('<p>Log in</p>'),
      (_request, response) => void response.writeHead(500).end(),
    ]
    for (const answer of answers) {
      writeFileSync(part(), begun)
      handle = answer
      await assert.rejects(fetchIt(), { code: 'failed', reason: 'status' })
      assert.deepEqual(readFileSync(part()), begun)
    }
    handle = serve
    assert.deepEqual(readFileSync(await fetchIt()), BYTES)
  })

  it('takes the file from another host where the hub sends it, and tells it nothing of us', async () => {
    const other = createServer((request, response) => {
      assert.deepEqual(Object.keys(request.headers).sort(), ['connection', 'host', 'user-agent'])
      serve(request, response)
    })
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve))
    const location = `http://127.0.0.1:${(other.address() as AddressInfo).port}/blob`
    handle = (_request, response) =>
      void response.writeHead(302, { location, 'x-linked-etag': `"${HASH}"` }).end()
    assert.deepEqual(readFileSync(await fetchIt()), BYTES)
    other.closeAllConnections()
    other.close()
  })

  it('removes what is not the file that was asked for', async () => {
    handle = (_request, response) => {
      response.writeHead(200, { 'x-linked-etag': `"${HASH}"` }).end(Buffer.alloc(100_000))
    }
    await assert.rejects(fetchIt(), { code: 'not_loaded', reason: 'hash_mismatch' })
    assert.ok(!existsSync(part()))
    assert.ok(!existsSync(join(dir, 'models', 'model.gguf')))
  })

  it('takes no file whose hash nobody states, unless it is given', async () => {
    handle = (_request, response) => void response.writeHead(200).end(BYTES)
    await assert.rejects(fetchIt(), /--sha256/)
    assert.deepEqual(readFileSync(await fetchIt({ sha256: HASH.toUpperCase() })), BYTES)
  })

  it('follows redirects, and not for ever or to another protocol', async () => {
    handle = (request, response) => {
      if (request.url === '/elsewhere') serve(request, response)
      else response.writeHead(302, { location: '/elsewhere', 'x-linked-etag': `"${HASH}"` }).end()
    }
    assert.deepEqual(readFileSync(await fetchIt()), BYTES)
    for (const location of ['/again', 'file:///etc/passwd', 'not a url at all:', '']) {
      handle = (_request, response) => void response.writeHead(302, { location }).end()
      await assert.rejects(fetchIt(), { name: 'LocalModelError', reason: 'redirect' })
    }
  })

  it('says the status of a server that refuses', async () => {
    handle = (_request, response) => void response.writeHead(404).end('no such file')
    await assert.rejects(fetchIt(), { reason: 'status', message: /404/ })
  })

  it('gives up on silence, and when it is told to', async () => {
    handle = (_request, response) => {
      response.writeHead(200, { 'content-length': '10' })
      response.write('12345')
    }
    await assert.rejects(fetchIt({ stallMs: 50 }), { code: 'timeout', message: /run it again/ })
    const signal = AbortSignal.abort()
    await assert.rejects(fetchIt({ signal }), { code: 'aborted', message: /run it again/ })
  })
})

describe('a reference to a file on the hub', () => {
  for (const [text, expected] of [
    ['hf:Qwen/Qwen3-4B-GGUF/Qwen3-4B-Q4_K_M.gguf', 'Qwen/Qwen3-4B-GGUF main Qwen3-4B-Q4_K_M.gguf'],
    ['hf:a/b/c/d.gguf@v1.0', 'a/b v1.0 c/d.gguf'],
    ['hf:a/b.gguf', null],
    ['hf:a/b/../c.gguf', null],
    ['hf:a/b/c.bin', null],
    ['hf:a/b/c.gguf?x=1', null],
    ['https://example.com/a.gguf', null],
    ['', null],
  ] as const) {
    it(`is ${expected === null ? 'not ' : ''}${JSON.stringify(text)}`, () => {
      const file = parseHubFile(text)
      assert.equal(file === null ? null : `${file.repository} ${file.revision} ${file.path}`, expected)
    })
  }
})
