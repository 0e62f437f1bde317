/** The processes of the benchmark: an upstream, a plain proxy, and ours in two configurations. */
import { type ChildProcess, execFileSync, fork } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { build } from 'esbuild'
import { chatBody } from './bodies.ts'

const POLICY = {
  version: 1,
  policy: 'bench',
  revision: '1',
  destinations: { cloud: { kind: 'cloud', provider: 'cloud', model: 'bench-model' } },
  guards: [],
  routes: [],
  default: { to: ['cloud'] },
}

/** Something that answers chat requests, and what it is asked. */
export interface Target {
  readonly name: string
  readonly url: string
  readonly child: ChildProcess
  body(): string
}

const ROOT = join(import.meta.dirname, '../..')

/** Everything runs built, as `npm start` runs it: the loader for sources makes each function dearer. */
async function buildChild(): Promise<string> {
  execFileSync(process.execPath, [join(ROOT, 'esbuild.config.mjs')], { stdio: 'inherit' })
  const outfile = join(ROOT, 'bench/results/latency-child.mjs')
  await build({
    entryPoints: [join(import.meta.dirname, 'child.ts')],
    outfile,
    bundle: true,
    packages: 'external',
    platform: 'node',
    format: 'esm',
  })
  return outfile
}

/** The options that `npm start` gives Node. */
function startOptions(): string[] {
  const { scripts } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as {
    readonly scripts: { readonly start: string }
  }
  return scripts.start.split(' ').filter((word) => word.startsWith('--'))
}

/** Starts them all; `children` takes in each process as it starts. */
export async function startTargets(folder: string, children: ChildProcess[]): Promise<Target[]> {
  const file = await buildChild()
  const start = async (role: string, argument: string): Promise<{ url: string; child: ChildProcess }> => {
    const child = fork(file, [role, argument], {
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
      execArgv: role === 'cloakroom' ? startOptions() : [],
    })
    children.push(child)
    return { url: await nextMessage(child, 'url'), child }
  }
  const upstream = await start('upstream', '')
  const plain = await start('plain', upstream.url)
  const configure = (name: string, ner: 'on' | 'off'): string => {
    const file = join(folder, `${name}.yaml`)
    writeFileSync(join(folder, 'rules.yaml'), JSON.stringify(POLICY))
    const config = {
      listen: '127.0.0.1:0',
      data_dir: join(folder, name),
      rules: join(folder, 'rules.yaml'),
      cloud: [{ name: 'cloud', base_url: `${upstream.url}/v1` }],
      detectors: { ner },
    }
    writeFileSync(file, JSON.stringify(config))
    return file
  }
  const patterns = await start('cloakroom', configure('patterns', 'off'))
  const names = await start('cloakroom', configure('names', 'on'))
  let number = 0
  const same = chatBody(0, false)
  return [
    { name: 'plain Node JSON proxy', ...plain, body: () => chatBody(number++, true) },
    { name: 'cloakroom, pass-through (text seen before)', ...patterns, body: () => same },
    { name: 'cloakroom, patterns (each text new)', ...patterns, body: () => chatBody(number++, true) },
    { name: 'cloakroom, patterns and names (each text new)', ...names, body: () => chatBody(number++, true) },
  ]
}

/** The next message of a process that has this field. Rejects when the process ends. */
export function nextMessage<T>(child: ChildProcess, field: string): Promise<T> {
  return new Promise((resolve, reject) => {
    const onExit = (code: number | null): void =>
      reject(new Error(`a process of the benchmark ended with ${code}`))
    child.once('exit', onExit)
    child.on('message', function read(message: Record<string, T>) {
      if (message[field] === undefined) return
      child.off('message', read).off('exit', onExit)
      resolve(message[field])
    })
  })
}
