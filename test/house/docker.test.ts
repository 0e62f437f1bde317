/** The container files: what they promise about users, networks, ports and secrets. */
import assert from 'node:assert/strict'
import { join } from 'node:path'
import { test } from 'node:test'
import { parse } from 'yaml'
import { loadConfig } from '../../proxy/config/load.ts'
import { filesUnder, ROOT, read } from './tree.ts'

interface Service {
  readonly image?: string
  readonly build?: { readonly context: string; readonly dockerfile: string }
  readonly environment?: Readonly<Record<string, string>>
  readonly volumes?: readonly string[]
  readonly ports?: readonly string[]
  readonly networks?: readonly string[]
  readonly profiles?: readonly string[]
  readonly cap_drop?: readonly string[]
  readonly security_opt?: readonly string[]
  readonly read_only?: boolean
  readonly [key: string]: unknown
}

interface Compose {
  readonly services: Readonly<Record<string, Service>>
  readonly networks?: Readonly<Record<string, { readonly internal?: boolean }>>
  readonly volumes?: Readonly<Record<string, unknown>>
}

const compose = (name: string): Compose => parse(read(`docker/${name}`))
const FILES = filesUnder('docker').filter((path) => /^docker\/compose[\w.]*\.yaml$/.test(path))
const base = compose('compose.yaml')
const airgap = compose('compose.airgap.yaml')
const services = FILES.flatMap((path) =>
  Object.entries(compose(path.slice('docker/'.length)).services).map(([name, service]) => ({
    name: `${path}: ${name}`,
    service,
  })),
)

/** The instructions of the Dockerfile: continuation lines joined, comments gone. */
function instructions(): readonly { readonly word: string; readonly rest: string }[] {
  return read('docker/Dockerfile')
    .split('\n')
    .filter((line) => !line.trimStart().startsWith('#'))
    .join('\n')
    .replace(/\\\n/g, ' ')
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => {
      const at = line.indexOf(' ')
      return { word: line.slice(0, at), rest: line.slice(at + 1).trim() }
    })
}

/** The last stage alone: what is published. */
function finalStage(): ReturnType<typeof instructions> {
  const all = instructions()
  return all.slice(all.findLastIndex(({ word }) => word === 'FROM'))
}

test('the image is built in two stages from one exchangeable base', () => {
  const all = instructions()
  assert.equal(all[0]?.word, 'ARG')
  assert.match(all[0]?.rest ?? '', /^BASE=node:20/)
  assert.deepEqual(
    all.filter(({ word }) => word === 'FROM').map(({ rest }) => rest),
    ['${BASE} AS build', '${BASE}'],
  )
})

test('the container runs as a numbered user without rights over its own files', () => {
  const stage = finalStage()
  assert.deepEqual(
    stage.filter(({ word }) => word === 'USER').map(({ rest }) => rest),
    ['1000:1000'],
  )
  assert.ok(
    stage.filter(({ word }) => word === 'COPY').every(({ rest }) => !rest.includes('--chown')),
    'copied files stay with root',
  )
  assert.deepEqual(
    stage.filter(({ word }) => word === 'VOLUME' || word === 'EXPOSE').map(({ rest }) => rest),
    ['/data', '8787'],
  )
  assert.ok(stage.some(({ word, rest }) => word === 'HEALTHCHECK' && rest.includes('/healthz')))
  assert.ok(stage.some(({ word, rest }) => word === 'STOPSIGNAL' && rest === 'SIGTERM'))
})

test('no secret enters the image: nothing is passed by ARG or ENV but switches, and the build context is a list', () => {
  for (const { word, rest } of instructions()) {
    if (word === 'ARG') assert.match(rest, /^BASE=/)
    if (word === 'ENV') assert.doesNotMatch(rest, /KEY|TOKEN|SECRET|PASSWORD/i)
    assert.notEqual(word, 'ADD')
  }
  const ignore = read('docker/Dockerfile.dockerignore')
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'))
  assert.equal(ignore[0], '*')
  for (const line of ignore.filter((entry) => entry.startsWith('!'))) {
    assert.ok(
      filesUnder().some((path) => path === line.slice(1) || path.startsWith(`${line.slice(1)}/`)),
      line,
    )
  }
})

test('everything that is copied from the context is in its list', () => {
  const ignore = read('docker/Dockerfile.dockerignore')
  const copied = instructions()
    .filter(({ word, rest }) => word === 'COPY' && !rest.startsWith('--from'))
    .flatMap(({ rest }) => rest.split(/\s+/).slice(0, -1))
    .filter((path) => path !== '.')
  for (const path of copied) assert.ok(ignore.includes(`!${path}\n`), path)
})

test('no service is privileged, shares the host, mounts its socket or may gain rights', () => {
  const forbidden = [
    'privileged',
    'network_mode',
    'pid',
    'ipc',
    'userns_mode',
    'cap_add',
    'devices',
    'volumes_from',
  ]
  for (const { name, service } of services) {
    for (const key of forbidden) assert.equal(service[key], undefined, `${name} has ${key}`)
    for (const volume of service.volumes ?? []) {
      assert.match(volume, /^(\w+:|\.\.?\/[\w./-]+:[\w./-]+:ro$)/, `${name} mounts ${volume}`)
    }
    if (service.image?.startsWith('cloakroom:') || name.startsWith('docker/compose.yaml')) {
      assert.deepEqual(service.security_opt, ['no-new-privileges:true'], name)
    }
  }
})

test('every container of ours is read-only and without capabilities', () => {
  const ours = services.filter(({ service }) => service.image?.startsWith('cloakroom:'))
  assert.equal(ours.length, 3)
  for (const { name, service } of ours) {
    assert.equal(service.read_only, true, name)
    assert.deepEqual(service.cap_drop, ['ALL'], name)
  }
})

test('nothing is published but port 8787, and that on the loopback address', () => {
  const published = services.flatMap(({ service }) => service.ports ?? [])
  assert.ok(published.length > 0)
  assert.deepEqual([...new Set(published)], ['127.0.0.1:8787:8787'])
})

test('the database and the local model have no route out', () => {
  for (const name of ['database', 'model']) {
    assert.deepEqual(base.services[name]?.networks, [name])
    assert.equal(base.networks?.[name]?.internal, true)
  }
})

test('without a network: only the door has a leg outside, and it has nothing to tell', () => {
  for (const [name, service] of Object.entries(airgap.services)) {
    const outside = (service.networks ?? []).filter(
      (network) => airgap.networks?.[network]?.internal !== true,
    )
    assert.ok(service.networks?.length, `${name} would join the default network, which has a route out`)
    assert.deepEqual(outside, name === 'door' ? ['door'] : [], name)
  }
  assert.equal(airgap.services.door?.volumes, undefined)
  assert.equal(airgap.services.door?.environment, undefined)
})

test('the networks and volumes that services name exist', () => {
  for (const [file, { services: all, networks, volumes }] of Object.entries({ base, airgap })) {
    for (const [name, service] of Object.entries(all)) {
      for (const network of service.networks ?? [])
        assert.ok(networks?.[network] !== undefined, `${file} ${name} ${network}`)
      for (const volume of service.volumes ?? []) {
        const source = volume.split(':')[0] ?? ''
        if (!source.startsWith('.')) assert.ok(volumes && source in volumes, `${file} ${name} ${source}`)
      }
    }
  }
})

test('what vLLM serves has the name that the configuration asks for', () => {
  const overlay = compose('compose.vllm.yaml')
  const served = JSON.stringify(overlay.services.model)
  const config: { local: { model: string } } = parse(read('docker/cloakroom.yaml'))
  assert.ok(served.includes(`--served-model-name=${config.local.model}`))
  assert.ok(JSON.stringify(base.services.pull).includes(`ollama pull ${config.local.model}`))
})

const CONFIGS = [
  { file: 'cloakroom.yaml', service: base.services.cloakroom, clouds: ['us-cloud'] },
  { file: 'cloakroom.airgap.yaml', service: airgap.services.cloakroom, clouds: [] },
]

for (const { file, service, clouds } of CONFIGS) {
  test(`docker/${file} loads with the environment of its service, and asks callers who they are`, () => {
    const environment = Object.fromEntries(
      Object.entries(service?.environment ?? {}).map(([name, value]) => [
        name,
        value.replace(/\$\{\w+:\?[^}]*\}/g, 'placeholder'),
      ]),
    )
    assert.ok(service?.volumes?.includes(`./${file}:${environment.CLOAKROOM_CONFIG}:ro`))
    const config = loadConfig(join(ROOT, 'docker', file), environment, ROOT)
    assert.equal(config.listen.host, '0.0.0.0')
    assert.equal(config.auth.mode, 'keys')
    assert.equal(config.data_dir, '/data')
    assert.notEqual(config.local.engine, 'none')
    assert.deepEqual(
      config.cloud.map((entry) => entry.name),
      clouds,
    )
  })
}
