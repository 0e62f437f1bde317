/** The record of one request while it is being answered: what the headers, the metrics and the audit say of it. */
import type { DecisionRecord, Principal } from './ports.ts'

/** Nobody yet, or nobody needed. */
export const ANONYMOUS: Principal = { user: null, team: null, region: null, roles: [], key: null, scopes: [] }

/** Filled in as the request goes through the pipeline. */
export interface Exchange {
  readonly id: string
  /** ms since the epoch. */
  readonly startedAt: number
  /** The endpoint's name, such as `chat`. */
  readonly endpoint: string
  principal: Principal
  action: 'local' | 'cloud' | 'blocked' | 'held'
  destination: string | null
  /** The model that answers. */
  model: string | null
  rule: string | null
  /** Distinct values found per entity type. */
  entities: Readonly<Record<string, number>>
  decision: DecisionRecord | null
  promptHmac: string | null
  /** Whether the audit intent is durable. */
  intentRecorded: boolean
  promptTokens: number | null
  completionTokens: number | null
  /** Placeholders put back. */
  restored: number
}

/** A new exchange: until something else is decided, it is blocked. */
export function beginExchange(id: string, startedAt: number, endpoint: string): Exchange {
  return {
    id,
    startedAt,
    endpoint,
    principal: ANONYMOUS,
    action: 'blocked',
    destination: null,
    model: null,
    rule: null,
    entities: {},
    decision: null,
    promptHmac: null,
    intentRecorded: false,
    promptTokens: null,
    completionTokens: null,
    restored: 0,
  }
}

/** The response headers that every answer has. */
export function exchangeHeaders(exchange: Exchange): Record<string, string> {
  return {
    'x-cloakroom-request-id': exchange.id,
    'x-cloakroom-action': exchange.action,
    'x-cloakroom-destination': exchange.destination ?? '',
    'x-cloakroom-rule': exchange.rule ?? '',
    'x-cloakroom-entities': renderEntities(exchange.entities),
  }
}

/** `PERSON=2;EMAIL=1`: most first, then by name. */
export function renderEntities(entities: Readonly<Record<string, number>>): string {
  return Object.entries(entities)
    .filter(([, count]) => count > 0)
    .sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1))
    .map(([entity, count]) => `${entity}=${count}`)
    .join(';')
}
