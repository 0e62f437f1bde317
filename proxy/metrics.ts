/** Prometheus metrics. Labels come from closed sets: never a piece of a request. */
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client'
import type { LayerStatus } from '../detectors/index.ts'

const SECONDS = [0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120]

/** What the pipeline counts. */
export interface Metrics {
  requestEnded(endpoint: string, action: string, code: string, seconds: number): void
  found(entity: string, count: number): void
  tokens(destination: string, direction: 'prompt' | 'completion', count: number): void
  sanitiseSeconds(seconds: number): void
  egressViolation(): void
  budgetWarning(per: string, window: string): void
  inFlight(delta: 1 | -1): void
  /** The text exposition format of all metrics. */
  render(): Promise<string>
  readonly contentType: string
}

/** States asked for at scrape time. */
export interface MetricSources {
  localStatus(): LayerStatus
  auditStatus(): 'ok' | 'down'
  isEntity(name: string): boolean
}

/** Metrics in a registry of their own. */
export function createMetrics(sources: MetricSources): Metrics {
  const registry = new Registry()
  const registers = [registry]
  collectDefaultMetrics({ register: registry, prefix: 'cloakroom_' })
  const requests = new Counter({
    name: 'cloakroom_requests_total',
    help: 'requests ended',
    labelNames: ['endpoint', 'action', 'code'],
    registers,
  })
  const duration = new Histogram({
    name: 'cloakroom_request_seconds',
    help: 'time from the request to the end of its answer',
    labelNames: ['action'],
    buckets: SECONDS,
    registers,
  })
  const sanitise = new Histogram({
    name: 'cloakroom_sanitise_seconds',
    help: 'time to detect and replace in one request',
    buckets: [0.0001, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.5, 1, 5],
    registers,
  })
  const findings = new Counter({
    name: 'cloakroom_findings_total',
    help: 'distinct values found',
    labelNames: ['entity'],
    registers,
  })
  const tokens = new Counter({
    name: 'cloakroom_tokens_total',
    help: 'tokens as the models report them',
    labelNames: ['destination', 'direction'],
    registers,
  })
  const violations = new Counter({
    name: 'cloakroom_egress_violations_total',
    help: 'requests stopped by the last check before sending',
    registers,
  })
  const budgetWarnings = new Counter({
    name: 'cloakroom_budget_warnings_total',
    help: 'budgets that reached the part of them from which to warn',
    labelNames: ['per', 'window'],
    registers,
  })
  const inFlight = new Gauge({
    name: 'cloakroom_requests_in_flight',
    help: 'requests in progress',
    registers,
  })
  new Gauge({
    name: 'cloakroom_local_model_up',
    help: '1 while the local model can answer',
    registers,
    collect() {
      this.set(sources.localStatus() === 'ok' ? 1 : 0)
    },
  })
  new Gauge({
    name: 'cloakroom_audit_up',
    help: '1 while audit records can be written',
    registers,
    collect() {
      this.set(sources.auditStatus() === 'ok' ? 1 : 0)
    },
  })
  return {
    contentType: registry.contentType,
    requestEnded(endpoint, action, code, seconds) {
      requests.labels(endpoint, action, code).inc()
      duration.labels(action).observe(seconds)
    },
    // A type of the operator's own is counted without its name: a code name may be the secret itself.
    found: (entity, count) => findings.labels(sources.isEntity(entity) ? entity : 'CUSTOM').inc(count),
    tokens: (destination, direction, count) => tokens.labels(destination, direction).inc(count),
    sanitiseSeconds: (seconds) => sanitise.observe(seconds),
    egressViolation: () => violations.inc(),
    budgetWarning: (per, window) => budgetWarnings.labels(per, window).inc(),
    inFlight: (delta) => inFlight.inc(delta),
    render: () => registry.metrics(),
  }
}
