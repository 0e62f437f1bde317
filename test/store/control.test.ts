import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import type { Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { connectTo } from '../../proxy/store/endpoint.ts'
import { askOwner, type HeldLock, lockDirectory, StoreError, serveCommands } from '../../proxy/store/index.ts'
import { ownerSocket } from '../../proxy/store/lock.ts'

let dir: string
let lock: HeldLock
let produced = 0
let wasAborted = false

before(async () => {
  dir = await mkdtemp(join(tmpdir(), 'cloakroom-control-'))
  lock = await lockDirectory(dir)
  serveCommands(lock, {
    async *echo(args) {
      yield JSON.stringify(args)
    },
    async *count(args) {
      for (let i = 0; i < Number(args); i += 1) {
        produced += 1
        yield String(i)
      }
    },
    async *forever(_, signal) {
      signal.addEventListener('abort', () => {
        wasAborted = true
      })
      for (let i = 0; ; i += 1) {
        produced += 1
        yield `line ${i} ${'x'.repeat(1_000)}`
      }
    },
    async *fails() {
      yield 'first'
      throw new StoreError('timeout', 'secret detail')
    },
  })
})
after(async () => {
  await lock.release()
  await rm(dir, { recursive: true, force: true })
})

async function ask(command: string, args: unknown = null): Promise<string[]> {
  const lines: string[] = []
  const answer = await askOwner(dir, command, args)
  assert.ok(answer)
  for await (const line of answer) lines.push(line)
  return lines
}

async function raw(write: (socket: Socket) => void): Promise<string> {
  const path = await ownerSocket(dir)
  assert.ok(path)
  const socket = await connectTo(path)
  write(socket)
  let text = ''
  for await (const chunk of socket) text += String(chunk)
  return text
}

describe('commands to the process that has the directory', () => {
  it('are answered line by line, with arguments as they were', async () => {
    const args = { text: 'ü\n"', list: [1, null] }
    assert.deepEqual(await ask('echo', args), [JSON.stringify(args)])
    assert.deepEqual(await ask('count', 0), [])
    const many = await ask('count', 20_000)
    assert.equal(many.length, 20_000)
    assert.equal(many.at(-1), '19999')
  })

  it('are answered to several at a time', async () => {
    const answers = await Promise.all(Array.from({ length: 10 }, (_, i) => ask('echo', i)))
    assert.deepEqual(
      answers,
      Array.from({ length: 10 }, (_, i) => [String(i)]),
    )
  })

  it('report a failure by its code alone', async () => {
    await assert.rejects(ask('fails'), { code: 'unavailable', message: /fails: .* timeout$/ })
    await assert.rejects(ask('unknown'), { code: 'unavailable', message: /unknown_command/ })
    await assert.rejects(ask('toString'), { message: /unknown_command/ })
  })

  it('stop when the one who asked goes away, and wait for one who reads slowly', async () => {
    const answer = await askOwner(dir, 'forever', null)
    assert.ok(answer)
    const iterator = answer[Symbol.asyncIterator]()
    produced = 0
    assert.equal((await iterator.next()).value?.startsWith('line 0'), true)
    let last = -1
    for (let turns = 0; produced !== last && turns < 1_000; turns += 1) {
      last = produced
      await new Promise((resolve) => setTimeout(resolve, 20))
    }
    assert.equal(produced, last, 'the producer waits')
    assert.ok(produced < 20_000)
    await iterator.return?.()
    for (let turns = 0; !wasAborted && turns < 1_000; turns += 1) {
      await new Promise((resolve) => setTimeout(resolve, 5))
    }
    assert.equal(wasAborted, true)
  })

  it('survive requests that are no requests', async () => {
    const cases: [string, (socket: Socket) => void, string][] = [
      ['nothing', (socket) => socket.end(), ''],
      ['not JSON', (socket) => socket.write('hello\n'), '!unknown_command\n'],
      ['no command', (socket) => socket.write('{"args":1}\n'), '!unknown_command\n'],
      ['null', (socket) => socket.write('null\n'), '!unknown_command\n'],
      ['half a line', (socket) => socket.end('{"comm'), ''],
      ['an endless line', (socket) => socket.write('x'.repeat(200_000)), ''],
    ]
    for (const [name, write, expected] of cases) {
      assert.equal(await raw(write).catch(() => ''), expected, name)
    }
    assert.deepEqual(await ask('echo', 1), ['1'])
  })

  it('are for nobody where no process has the directory', async () => {
    const empty = await mkdtemp(join(tmpdir(), 'cloakroom-control-'))
    assert.equal(await askOwner(empty, 'echo', 1), null)
    assert.equal(await askOwner(join(empty, 'missing'), 'echo', 1), null)
    const other = await lockDirectory(empty)
    await assert.rejects(
      async () => {
        for await (const line of (await askOwner(empty, 'echo', 1)) ?? []) assert.fail(line)
      },
      { message: /cut off/ },
    )
    await other.release()
    assert.equal(await askOwner(empty, 'echo', 1), null)
    await rm(empty, { recursive: true })
  })
})
