/** The composition root: plugs the adapters into the ports and runs the server. */
import { randomBytes } from 'node:crypto'
import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { getRequestListener } from '@hono/node-server'
import { createDetectors, ENTITIES } from '../detectors/index.ts'
import type { CompiledPolicy } from '../routing-rules/index.ts'
import { createIds } from './audit/ids.ts'
import { createAuditLog } from './audit/index.ts'
import { createAuthenticator } from './auth/index.ts'
import { CLOUD_PROVIDERS, createEgress } from './cloud/index.ts'
import { createLeakCheck } from './cloud/leak-check.ts'
import type { Config } from './config/load.ts'
import { controlCommands } from './control.ts'
import { openConversations } from './conversations.ts'
import { detectorOptions } from './detect-text.ts'
import { createDetectorThreads } from './detector-threads.ts'
import { type BlockDetectors, cacheFindings, cacheNamedFindings } from './findings-cache.ts'
import { defaultKeyFile, openKeyring } from './keyring.ts'
import { createGate } from './limits.ts'
import { createLocalModel } from './local/index.ts'
import { createLog, type LogLevel } from './log.ts'
import { createMetrics } from './metrics.ts'
import { createNamedDetectors } from './named-findings.ts'
import { createNameEngine } from './names/index.ts'
import { createPipeline } from './pipeline.ts'
import { loadPolicy } from './policy.ts'
import type { AuditLog, Clock, Egress, LocalModel, NameEngine } from './ports.ts'
import { createQuota } from './quota.ts'
import { createApp, strayReply } from './server/app.ts'
import { createHttpServer, type HttpLimits } from './server/http-server.ts'
import { lockDirectory, openStore, type Store, serveCommands } from './store/index.ts'

/** What the caller may set beyond the configuration. */
export interface StartOptions {
  readonly logLevel?: string
  /** Lines of the operational log; default stderr. */
  readonly logSink?: (line: string) => void
  readonly clock?: Clock
}

/** A running proxy. */
export interface Running {
  /** Base address, such as `http://127.0.0.1:8787`. */
  readonly url: string
  readonly policy: CompiledPolicy
  readonly local: LocalModel | null
  readonly store: Store
  /** Stops accepting, finishes what is in progress, writes the audit log out. */
  close(): Promise<void>
}

const FINDINGS_CACHE_BYTES = 64 * 1024 * 1024
const DRAIN_MS = 30_000
const DATABASE_WAIT_MS = 5_000

/** Starts everything. Rejects with an error made for people when something that is configured cannot work. */
export async function startCloakroom(config: Config, options: StartOptions = {}): Promise<Running> {
  const clock = options.clock ?? Date.now
  const log = createLog(
    options.logSink ?? ((line) => process.stderr.write(line)),
    clock,
    logLevel(options.logLevel),
  )
  // Everything that can be wrong with files is found before anything is opened.
  const policy = loadPolicy(config)
  const keyring = openKeyring(
    config.master_key_file ?? defaultKeyFile(config.data_dir),
    config.master_key_file === undefined,
  )
  const lock = await lockDirectory(config.data_dir)
  const closers: (() => Promise<void>)[] = [() => lock.release()]
  try {
    const store = openStore({
      lock,
      ...(config.databaseUrl === null ? {} : { databaseUrl: config.databaseUrl }),
    })
    closers.unshift(() => store.close())
    await opened(store)
    const audit = await createAuditLog({ lock, store })
    closers.unshift(() => audit.close())
    if (audit.recovered.damaged.length > 0)
      log.write('warn', 'audit_damaged', { count: audit.recovered.damaged.length })
    const local = await createLocalModel({ ...config.local, data_dir: config.data_dir })
    if (local !== null) closers.unshift(() => local.close())
    const egress = createCloudDoor(config)
    closers.unshift(() => egress.close())
    const gate = createGate(config.limits.concurrent)
    const ids = createIds(clock, randomBytes)
    const metrics = createMetrics({
      localStatus: () => local?.status() ?? 'off',
      auditStatus: () => audit.status(),
      isEntity: (name) => ENTITIES.some(({ type }) => type === name),
    })
    const quota = createQuota(store, clock, ({ per, window, percent, requestId }) => {
      metrics.budgetWarning(per, window)
      log.write('warn', 'budget_warning', {
        per,
        window,
        percent,
        ...(requestId === null ? {} : { request_id: requestId }),
      })
    })
    closers.unshift(() => quota.close())
    const names = await createNameEngine(config.detectors)
    if (names !== null) closers.unshift(() => names.close())
    const pipeline = createPipeline({
      clock,
      stopwatch: () => performance.now() * 1000,
      newDecisionId: () => ids.decisionId(),
      detectors: createBlockDetectors(config, names, keyring.derive('findings-cache'), closers),
      policy: () => policy,
      local,
      egress,
      audit,
      keyring,
      conversations: openConversations({ dir: join(lock.dir, 'conversations'), keyring }, clock()),
      quota,
      metrics,
      log,
      settings: {
        contextual: config.detectors.contextual,
        contextualTimeoutMs: config.detectors.contextual_timeout_ms,
        draftTimeoutMs: config.local.draft_timeout_ms,
        placeholderScope: config.placeholders.scope,
        rotateDays: config.placeholders.rotate_days,
        unknownModels: config.unknown_models,
        strictFields: config.strict_fields,
        jsonDepth: config.limits.json_depth,
        allow: config.detectors.allow,
        restore: config.restore,
      },
    })
    const app = createApp({
      pipeline,
      authenticator: createAuthenticator(config.auth, { store }),
      audit,
      metrics,
      log,
      gate,
      clock,
      newRequestId: () => ids.requestId(),
      bodyBytes: config.limits.body_bytes,
      stallTimeoutMs: config.limits.stall_timeout_ms,
      readiness: () => readiness(config, audit, local, names),
    })
    const server = createHttpServer({
      listener: getRequestListener(app.fetch, { overrideGlobalObjects: false }),
      limits: httpLimits(config),
      loopbackHostsOnly: config.auth.mode === 'none',
      refusal: (problem) => strayReply({ newRequestId: () => ids.requestId(), clock }, problem),
    })
    await listen(server, config.listen)
    const startedAt = clock()
    serveCommands(
      lock,
      controlCommands({ store, audit }, () => ({
        url: addressOf(server),
        uptime_s: Math.round((clock() - startedAt) / 1000),
        requests_in_progress: gate.inside,
        policy: policy.id,
        policy_sha256: policy.sha256,
        parts: readiness(config, audit, local, names).parts,
      })),
    )
    log.write('info', 'started')
    return {
      url: addressOf(server),
      policy,
      local,
      store,
      close: async () => {
        log.write('info', 'stopping')
        await stopServer(server, () => gate.empty())
        await closeAll(closers)
        log.write('info', 'stopped')
      },
    }
  } catch (error) {
    await closeAll(closers).catch(() => undefined)
    throw error
  }
}

/**
 * Closes everything in order, whatever fails on the way: a database that cannot be closed must not keep the lock on
 * the directory. Rejects with what failed first.
 */
async function closeAll(closers: readonly (() => Promise<void>)[]): Promise<void> {
  const failures: unknown[] = []
  for (const close of closers) {
    try {
      await close()
    } catch (error) {
      failures.push(error)
    }
  }
  if (failures.length > 0) throw failures[0]
}

/**
 * The embedded database is opened before anything is served: what keeps it from opening is said at the start.
 * PostgreSQL may come up later: until then records wait in the write-ahead log.
 */
async function opened(store: Store): Promise<void> {
  if (store.kind === 'embedded') return store.ready()
  let timer: NodeJS.Timeout | undefined
  const patience = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, DATABASE_WAIT_MS)
  })
  await Promise.race([store.ready().catch(() => undefined), patience])
  clearTimeout(timer)
}

function createBlockDetectors(
  config: Config,
  names: NameEngine | null,
  key: Uint8Array,
  closers: (() => Promise<void>)[],
): BlockDetectors {
  const options = detectorOptions(config)
  if (names === null) {
    const threads = createDetectorThreads({ detectors: options })
    closers.unshift(() => threads.close())
    return cacheFindings(createDetectors(options), key, FINDINGS_CACHE_BYTES, (text, signal) =>
      threads.detect(text, signal),
    )
  }
  return cacheNamedFindings(createNamedDetectors(options, names), key, FINDINGS_CACHE_BYTES)
}

function logLevel(name: string | undefined): LogLevel {
  return name === 'debug' || name === 'info' || name === 'error' ? name : 'warn'
}

function createCloudDoor(config: Config): Egress {
  const provider = CLOUD_PROVIDERS.find(({ kind }) => kind === 'openai')
  if (provider === undefined) throw new Error('no cloud provider')
  return createEgress({
    providers: config.cloud.map((entry) => ({
      name: entry.name,
      baseUrl: entry.baseUrl,
      apiKey: entry.apiKey,
      provider,
      timeouts: { headersMs: entry.timeoutMs, idleMs: entry.timeoutMs, totalMs: entry.timeoutMs * 10 },
    })),
    // A number that the operator lets pass is no leak.
    leakCheck: (outgoing, vault) =>
      createLeakCheck(vault.entries(), { allow: config.detectors.allow })(outgoing) !== null,
  })
}

function readiness(
  config: Config,
  audit: AuditLog,
  local: LocalModel | null,
  names: NameEngine | null,
): { ready: boolean; parts: Record<string, string> } {
  const auditStatus = audit.status()
  const localStatus = local?.status() ?? 'off'
  // A local model that is configured and down leaves a proxy without a cloud with nothing to answer.
  const answers = config.cloud.length > 0 || local === null || localStatus === 'ok'
  return {
    ready: auditStatus === 'ok' && answers,
    parts: {
      audit: auditStatus,
      database: config.databaseUrl === null ? 'embedded' : 'postgres',
      detectors: names?.status() ?? 'ok',
      local_model: localStatus,
      cloud: config.cloud.length === 0 ? 'off' : 'configured',
    },
  }
}

/** Connections in all: room for those that wait between two requests. */
const CONNECTIONS_PER_REQUEST = 8

function httpLimits({ limits }: Config): HttpLimits {
  return {
    bodyBytes: limits.body_bytes,
    connections: limits.concurrent * CONNECTIONS_PER_REQUEST,
    connectionsPerClient: limits.connections_per_client,
    headersTimeoutMs: limits.headers_timeout_ms,
    requestTimeoutMs: limits.request_timeout_ms,
  }
}

async function listen(server: Server, address: Config['listen']): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen({ host: address.host, port: address.port }, () => resolve())
  })
}

function addressOf(server: Server): string {
  const { address, port } = server.address() as AddressInfo
  return `http://${address.includes(':') ? `[${address}]` : address}:${port}`
}

/** Refuses new connections, waits for the requests in progress, then closes what is left. */
async function stopServer(server: Server, idle: () => Promise<void>): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()))
  let timer: NodeJS.Timeout | undefined
  const patience = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, DRAIN_MS)
  })
  server.closeIdleConnections()
  await Promise.race([idle(), patience])
  clearTimeout(timer)
  server.closeAllConnections()
  await closed
}
