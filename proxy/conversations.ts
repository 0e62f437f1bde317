/**
 * Conversations that a later request goes on from: one encrypted file each, under a name that says nothing. They
 * expire, they are bounded in number of bytes, and each opens for its owner alone. Without the installation's key
 * the files are noise.
 */
import { createHmac } from 'node:crypto'
import { chmodSync, mkdirSync, readdirSync, statSync, unlinkSync } from 'node:fs'
import { readFile, rename, unlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { deflateRaw, inflateRaw } from 'node:zlib'
import type { Keyring } from './keyring.ts'
import type { ConversationStore, KeptConversation } from './ports.ts'
import { seal, sealContext, unseal } from './sealed.ts'

const compress = promisify(deflateRaw)
const decompress = promisify(inflateRaw)

/** Where and how long. */
export interface ConversationStoreOptions {
  /** Made with mode 0700 when it is not there. */
  readonly dir: string
  readonly keyring: Keyring
  /** Default 24 hours. */
  readonly ttlMs?: number
  /** Of all files together; the oldest go first. Default 512 MiB. */
  readonly maxBytes?: number
  /** Of one conversation as JSON; a longer one is not kept. Default 16 MiB. */
  readonly maxConversationBytes?: number
}

const DAY_MS = 86_400_000
const MEBIBYTE = 1024 * 1024
const FILE = /^([0-9a-f]{64})\.([0-9]{1,15})$/

interface KeptFile {
  readonly path: string
  readonly bytes: number
  /** ms since the epoch. */
  readonly expires: number
}

/** A store over a directory that no other process writes into. `now` is for what expired while nothing ran. */
export function openConversations(options: ConversationStoreOptions, now: number): ConversationStore {
  mkdirSync(options.dir, { recursive: true, mode: 0o700 })
  chmodSync(options.dir, 0o700)
  const store = new ConversationFiles(options)
  store.adopt(now)
  return store
}

class ConversationFiles implements ConversationStore {
  readonly #dir: string
  readonly #ttlMs: number
  readonly #maxBytes: number
  readonly #maxConversationBytes: number
  readonly #key: Uint8Array
  readonly #nameKey: Uint8Array
  /** By name, soonest to expire first. */
  readonly #files = new Map<string, KeptFile>()
  #bytes = 0
  #writes = 0

  constructor(options: ConversationStoreOptions) {
    this.#dir = options.dir
    this.#ttlMs = options.ttlMs ?? DAY_MS
    this.#maxBytes = options.maxBytes ?? 512 * MEBIBYTE
    this.#maxConversationBytes = options.maxConversationBytes ?? 16 * MEBIBYTE
    this.#key = options.keyring.derive('conversations')
    this.#nameKey = options.keyring.derive('conversation-names')
  }

  /** Takes over the files of an earlier run; what expired and what was left half-way is removed. */
  adopt(now: number): void {
    const found: [string, KeptFile][] = []
    for (const file of readdirSync(this.#dir)) {
      const path = join(this.#dir, file)
      const [, name, expires] = FILE.exec(file) ?? []
      if (name === undefined || Number(expires) <= now) unlinkSync(path)
      else found.push([name, { path, bytes: statSync(path).size, expires: Number(expires) }])
    }
    found.sort(([, a], [, b]) => a.expires - b.expires)
    for (const [name, file] of found) this.#add(name, file)
  }

  async load(id: string, owner: string, now: number): Promise<KeptConversation | null> {
    const file = this.#files.get(this.#nameOf(id, owner))
    if (file === undefined || file.expires <= now) return null
    const plain = unseal(this.#key, contextOf(id, owner, file.expires), await readFile(file.path))
    if (plain === null) return null
    const bytes = await decompress(plain, { maxOutputLength: this.#maxConversationBytes })
    const { input, output }: KeptConversation = JSON.parse(bytes.toString('utf8'))
    return { input, output }
  }

  async save(id: string, owner: string, conversation: KeptConversation, now: number): Promise<void> {
    const bytes = Buffer.from(JSON.stringify(conversation))
    if (bytes.length > this.#maxConversationBytes) return
    const expires = Math.ceil(now + this.#ttlMs)
    const sealed = seal(this.#key, contextOf(id, owner, expires), await compress(bytes))
    const name = this.#nameOf(id, owner)
    const path = join(this.#dir, `${name}.${expires}`)
    this.#writes += 1
    const temporary = `${path}.${this.#writes}.new`
    await writeFile(temporary, sealed, { mode: 0o600, flag: 'wx' })
    await rename(temporary, path)
    const before = this.#files.get(name)
    if (before !== undefined) await this.#remove(name, before, before.path !== path)
    this.#add(name, { path, bytes: sealed.length, expires })
    await this.#makeRoom(now)
  }

  #add(name: string, file: KeptFile): void {
    this.#files.set(name, file)
    this.#bytes += file.bytes
  }

  async #makeRoom(now: number): Promise<void> {
    for (const [name, file] of this.#files) {
      if (file.expires > now && this.#bytes <= this.#maxBytes) return
      await this.#remove(name, file, true)
    }
  }

  async #remove(name: string, file: KeptFile, alsoFile: boolean): Promise<void> {
    if (!this.#files.delete(name)) return
    this.#bytes -= file.bytes
    // Gone already is as good as removed.
    if (alsoFile) await unlink(file.path).catch(() => undefined)
  }

  #nameOf(id: string, owner: string): string {
    return createHmac('sha256', this.#nameKey).update(sealContext(id, owner)).digest('hex')
  }
}

/** The expiry is part of it: a file that is renamed to live longer does not open. */
function contextOf(id: string, owner: string, expires: number): Buffer {
  return sealContext('conversation', id, owner, String(expires))
}
