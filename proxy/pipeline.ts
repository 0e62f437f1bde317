/**
 * One request from bytes to answer, in order: parse, detect, classify, decide, then answer locally, or sanitise,
 * record, send and restore. Whatever the ending, the trail gets its outcome.
 */
import { CONTEXTUAL_PROMPT_ID, type ContextualDetection, type LayerStatus } from '../detectors/index.ts'
import { createVault } from '../restore/index.ts'
import {
  type CompiledPolicy,
  type Considered,
  couldEscalate,
  countListHits,
  type Destination,
  decidingRule,
  evaluate,
  type PolicyDecision,
} from '../routing-rules/index.ts'
import { CLASSIFIER_ID } from './classify/index.ts'
import { type RememberedClassify, rememberClasses } from './classify/remember.ts'
import { type Exchange, exchangeHeaders } from './exchange.ts'
import { errorShape } from './log.ts'
import { blocked } from './pipeline/blocked.ts'
import { answerFromCloud } from './pipeline/cloud-answer.ts'
import { createCodec } from './pipeline/codec.ts'
import { ConversationTurn } from './pipeline/conversation.ts'
import { type Draft, draftLocally } from './pipeline/draft.ts'
import { gatherFacts, tighteningHeaders } from './pipeline/facts.ts'
import { addFindings, type Inspection, inspectPrepared } from './pipeline/inspect.ts'
import { answerLocally, type LocalSource } from './pipeline/local-answer.ts'
import { hasFailed, lookCloser } from './pipeline/look-closer.ts'
import { availableModels, isKnownModel } from './pipeline/models.ts'
import type { Decided, Incoming, Pipeline, PipelineParts, Prepared } from './pipeline/parts.ts'
import { decisionRecord } from './pipeline/records.ts'
import { placeholderScope, tenantOf } from './pipeline/scope.ts'
import { Trail } from './pipeline/trail.ts'
import type { LocalModel, WireObject } from './ports.ts'
import { Problem, toProblem } from './problem.ts'
import type { Ticket } from './quota.ts'
import type { Reply } from './reply.ts'
import { readJson, WireError } from './wire/index.ts'

export type { Incoming, Pipeline, PipelineParts, PipelineSettings } from './pipeline/parts.ts'

/** The pipeline over its parts. */
export function createPipeline(parts: PipelineParts): Pipeline {
  const codec = createCodec(parts)
  const classify = rememberClasses()
  return {
    ...codec,
    answer: (incoming) => new RequestRun(parts, incoming, classify).answer(),
    models: (principal) => availableModels(parts.policy(), principal, parts.clock()),
  }
}

/** One request on its way through; lives as long as the request. */
class RequestRun {
  readonly #parts: PipelineParts
  readonly #incoming: Incoming
  readonly #classify: RememberedClassify
  readonly #exchange: Exchange
  readonly #policy: CompiledPolicy
  readonly #trail: Trail
  readonly #startedUs: number
  /** Present where requests can go on from earlier answers. */
  readonly #turn: ConversationTurn | null
  /** What the last decision was made from. */
  #routing: Considered | null = null
  /** Its place in limits and budgets; null until it is counted. */
  #ticket: Ticket | null = null

  constructor(parts: PipelineParts, incoming: Incoming, classify: RememberedClassify) {
    this.#parts = parts
    this.#classify = classify
    this.#incoming = incoming
    this.#exchange = incoming.exchange
    // One policy for the whole request, even when a new one is loaded meanwhile.
    this.#policy = parts.policy()
    this.#trail = new Trail(parts, this.#exchange, this.#policy)
    this.#startedUs = parts.stopwatch()
    const { continuation } = incoming.endpoint
    this.#turn =
      continuation === undefined
        ? null
        : new ConversationTurn(continuation, parts.conversations, this.#exchange.principal)
  }

  async answer(): Promise<Reply> {
    try {
      if (this.#parts.audit.status() !== 'ok') throw new Problem('audit_unavailable')
      const json = readJson(this.#incoming.bytes, { depth: this.#parts.settings.jsonDepth })
      const whole = this.#turn === null ? json : await this.#turn.expand(json, this.#exchange.startedAt)
      const prepared = await this.#prepare(whole)
      await this.#admit(prepared)
      return await this.#decideAndAnswer(prepared)
    } catch (error) {
      const problem =
        error instanceof WireError ? new Problem(error.code, { param: error.param }) : toProblem(error)
      await this.#trail.conclude(this.#incoming.signal.aborted ? 'aborted' : problem, this.#ticket)
      throw problem
    }
  }

  /** A request to findings, class and list hits. Everything here is pure but the caches, and names found elsewhere. */
  async #prepare(json: unknown): Promise<Prepared> {
    const { endpoint, headers } = this.#incoming
    const { settings, detectors, keyring, metrics } = this.#parts
    const body = endpoint.parse(json, { strictFields: settings.strictFields })
    this.#refuseUnknownModel(endpoint.modelOf(body))
    const slots = endpoint.requestSlots(body)
    const before = this.#parts.stopwatch()
    const runs = endpoint.textRuns?.(body, slots) ?? []
    const inspection = await inspectPrepared(slots, detectors, runs, this.#incoming.signal)
    metrics.sanitiseSeconds((this.#parts.stopwatch() - before) / 1e6)
    const texts = slots.map((slot) => slot.text)
    const promptHmac = keyring.contentHmac(tenantOf(this.#exchange.principal), inspection.hmacs)
    this.#exchange.promptHmac = promptHmac
    const prompt = endpoint.promptText(body)
    // The same texts said by others are another prompt.
    const roles = prompt.map(({ role }) => role).join()
    return {
      body,
      inspection,
      promptClass: this.#classify(`${endpoint.name}:${roles}:${promptHmac}`, () =>
        prompt.filter(({ role }) => role === 'user').map(({ text }) => text),
      ),
      lists: countListHits(this.#policy, texts),
      tightening: tighteningHeaders(headers),
      draft: null,
      contextualPrompt: null,
    }
  }

  #refuseUnknownModel(model: string): void {
    if (this.#parts.settings.unknownModels === 'refuse' && !isKnownModel(this.#policy, model)) {
      throw new Problem('forbidden_model')
    }
  }

  async #admit({ body }: Prepared): Promise<void> {
    const { quota } = this.#parts
    const tokens = this.#incoming.endpoint.estimateTokens(body)
    this.#ticket = await quota.admit(this.#policy, this.#exchange.principal, {
      id: this.#exchange.id,
      tokens,
      dryRun: this.#isDryRun,
    })
  }

  get #isDryRun(): boolean {
    return this.#incoming.headers['x-cloakroom-dry-run'] === '1'
  }

  async #decideAndAnswer(prepared: Prepared): Promise<Reply> {
    const first = this.#decide(prepared, this.#contextualStatus())
    if (this.#isDryRun) return this.#explain()
    if (first.action === 'local' && this.#parts.local !== null) {
      return this.#answerOrEscalate(first, prepared, this.#parts.local)
    }
    if (first.action !== 'cloud') return this.#act(first, prepared)
    const complete = await this.#lookCloser({ decision: first, prepared })
    return this.#act(complete.decision, complete.prepared)
  }

  /**
   * The third layer costs a model call, so it runs only for what would leave; what it finds, and whether it could look
   * at all, may change the decision.
   */
  async #lookCloser(decided: Decided): Promise<Decided> {
    const { local, settings } = this.#parts
    if (settings.contextual === 'off' || local === null) return decided
    const { prepared } = decided
    const contextual = await this.#detectContextual(local, prepared.inspection)
    const complete = {
      ...prepared,
      inspection: addFindings(prepared.inspection, contextual.findings),
      contextualPrompt: CONTEXTUAL_PROMPT_ID,
    }
    return { decision: this.#decide(complete, contextual.status), prepared: complete }
  }

  /**
   * The local model answers at once where nothing it says could change that. Where a rule asks for its confidence, or
   * for its failure, it drafts first; a draft that a rule gives up for a cloud goes nowhere, least of all there.
   */
  async #answerOrEscalate(first: PolicyDecision, prepared: Prepared, local: LocalModel): Promise<Reply> {
    if (this.#routing === null || !couldEscalate(this.#policy, first, this.#routing)) {
      return this.#answerLocally(first, prepared, null)
    }
    const draft = await this.#draft(first, prepared, local)
    let last = this.#decideOn({ ...prepared, draft: draft.facts })
    if (last.decision.action === 'cloud') last = await this.#lookCloser(last)
    // Nobody has to approve, or to be refused, what can be answered here: as if the draft had not been judged.
    const isClosed = last.decision.action === 'cloud' && this.#ticket?.escalate() === false
    if (last.decision.action === 'held' || isClosed) {
      last = this.#decideOn({ ...last.prepared, draft: { ...draft.facts, confidence: null } })
    }
    if (last.decision.action !== 'local') {
      if (draft.answer !== null) draft.discard()
      return this.#act(last.decision, last.prepared)
    }
    if (draft.answer === null) throw draft.problem
    return this.#answerLocally(last.decision, last.prepared, draft.answer)
  }

  #decideOn(prepared: Prepared): Decided {
    return { decision: this.#decide(prepared, this.#contextualStatus()), prepared }
  }

  #draft(decision: PolicyDecision, prepared: Prepared, model: LocalModel): Promise<Draft> {
    const { endpoint, signal } = this.#incoming
    const asked = endpoint.promptText(prepared.body).findLast((part) => part.role === 'user')
    return draftLocally({
      endpoint,
      model,
      body: this.#bodyFor(decision, prepared),
      signal,
      question: asked?.text ?? '',
      timeoutMs: this.#parts.settings.draftTimeoutMs,
    })
  }

  /** The request as the decision leaves it. */
  #bodyFor(decision: PolicyDecision, prepared: Prepared): WireObject {
    return decision.tools === 'none' ? this.#incoming.endpoint.withoutTools(prepared.body) : prepared.body
  }

  #contextualStatus(): LayerStatus {
    if (this.#parts.settings.contextual === 'off' || this.#parts.local === null) return 'off'
    return this.#parts.local.status()
  }

  async #detectContextual(local: LocalModel, inspection: Inspection): Promise<ContextualDetection> {
    const timeoutMs = this.#parts.settings.contextualTimeoutMs
    const found = await lookCloser(local, inspection, { timeoutMs, signal: this.#incoming.signal })
    if (found.status !== 'ok')
      this.#parts.log.write('warn', 'detector_down', { request_id: this.#exchange.id })
    return found
  }

  #decide(prepared: Prepared, contextual: LayerStatus): PolicyDecision {
    const { endpoint } = this.#incoming
    const { body, inspection, promptClass, lists } = prepared
    const model = endpoint.modelOf(body)
    const tokens = endpoint.estimateTokens(body)
    const facts = gatherFacts({
      principal: this.#exchange.principal,
      shape: {
        endpoint: endpoint.name,
        model,
        tokens,
        hasTools: endpoint.hasTools(body),
        hasImages: endpoint.hasImages(body),
        stream: endpoint.wantsStream(body),
      },
      headers: prepared.tightening,
      inspection,
      contextual,
      lists,
      promptClass,
      localStatus: prepared.draft?.status ?? this.#parts.local?.status() ?? 'off',
      localConfidence: prepared.draft?.confidence ?? null,
      budgetUsed: this.#ticket?.budgetUsed ?? null,
      openAlerts: 0,
      now: this.#exchange.startedAt,
    })
    this.#routing = { facts, request: { endpoint: endpoint.name, wish: model } }
    const decision = evaluate(this.#policy, facts, this.#routing.request)
    this.#exchange.action = decision.action
    this.#exchange.destination = decision.destination
    this.#exchange.model = this.#destination(decision)?.model ?? null
    this.#exchange.rule = decidingRule(decision)
    this.#exchange.entities = inspection.counts
    this.#exchange.decision = decisionRecord({
      id: this.#exchange.decision?.id ?? this.#parts.newDecisionId(),
      exchange: this.#exchange,
      decision,
      facts: { tokens, promptClass, inspection, lists, contextual },
      draft: prepared.draft,
      contextualPrompt: prepared.contextualPrompt,
      classifier: CLASSIFIER_ID,
      tookUs: Math.round(this.#parts.stopwatch() - this.#startedUs),
    })
    return decision
  }

  #destination(decision: PolicyDecision): Destination | null {
    return this.#policy.destinations.find(({ name }) => name === decision.destination) ?? null
  }

  /** `x-cloakroom-dry-run`: the decision is the answer and no model is called. */
  async #explain(): Promise<Reply> {
    await this.#trail.conclude('complete', this.#ticket)
    return {
      status: 200,
      headers: { ...exchangeHeaders(this.#exchange), 'content-type': 'application/json' },
      body: JSON.stringify(this.#exchange.decision),
    }
  }

  async #act(decision: PolicyDecision, prepared: Prepared): Promise<Reply> {
    const destination = this.#destination(decision)
    switch (decision.action) {
      case 'blocked':
        throw blocked(decision, this.#policy, this.#incoming.endpoint.name, this.#parts.local !== null)
      case 'held':
        throw new Problem('blocked_by_policy', { hint: 'held' })
      case 'local':
        return this.#answerLocally(decision, prepared, null)
      case 'cloud':
        if (destination === null) throw new Problem('internal_error')
        this.#ticket?.refuseOverBudget()
        return this.#answerFromCloud(decision, destination, prepared)
    }
  }

  async #answerLocally(
    decision: PolicyDecision,
    prepared: Prepared,
    draft: LocalSource | null,
  ): Promise<Reply> {
    const { endpoint, signal } = this.#incoming
    const model = this.#parts.local
    if (model === null) throw new Problem('local_unavailable', { hint: 'no_model' })
    this.#exchange.model = model.name
    await this.#trail.intent()
    return answerLocally({
      exchange: this.#exchange,
      endpoint,
      model,
      body: this.#bodyFor(decision, prepared),
      signal,
      draft,
      keep: (answer) => this.#keep(answer),
      conclude: (ending) => void this.#trail.conclude(ending, this.#ticket),
    })
  }

  async #answerFromCloud(
    decision: PolicyDecision,
    destination: Destination,
    prepared: Prepared,
  ): Promise<Reply> {
    const { endpoint, signal } = this.#incoming
    this.#refuseFailedDetectors(prepared.inspection)
    const body = this.#bodyFor(decision, prepared)
    const vault = createVault({
      key: this.#parts.keyring.placeholderKey(this.#exchange.startedAt, this.#parts.settings.rotateDays),
      scope: placeholderScope(
        this.#parts.settings.placeholderScope,
        this.#exchange,
        prepared.tightening['x-cloakroom-conversation'],
      ),
    })
    return answerFromCloud({
      exchange: this.#exchange,
      endpoint,
      destination,
      egress: this.#parts.egress,
      vault,
      body,
      slots: prepared.inspection.slots,
      sanitised: decision.sanitise,
      allow: this.#parts.settings.allow,
      restore: this.#parts.settings.restore,
      signal,
      recordIntent: () => this.#trail.intent(),
      keep: (answer) => this.#keep(answer),
      conclude: (ending) => void this.#trail.conclude(ending, this.#ticket),
    })
  }

  /** Invariant 4, whatever the policy says: what a failed layer did not look at does not leave. */
  #refuseFailedDetectors(inspection: Inspection): void {
    const contextual = this.#exchange.decision?.facts.detectors.contextual
    const failed = Object.values(inspection.status).some(hasFailed)
    if (failed || (this.#parts.settings.contextual === 'required' && contextual !== 'ok')) {
      throw new Problem('detector_unavailable')
    }
  }

  /** An answer that could not be kept is still an answer: going on from it will say that it is not there. */
  async #keep(answer: WireObject): Promise<void> {
    try {
      await this.#turn?.keep(answer, this.#parts.clock())
    } catch (error) {
      this.#parts.log.write('error', 'internal_error', {
        request_id: this.#exchange.id,
        ...errorShape(error),
      })
    }
  }
}
