/** What `cloakroom.yaml` may say. The comment of a field is its manual. */
import { z } from 'zod'
import { compileOwnPattern, ENTITY_NAME } from '../../detectors/index.ts'
import { RESTORE_POLICIES } from '../../restore/index.ts'

const name = z
  .string()
  .regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/, 'a name: letters, digits, dots, hyphens, underscores')
const environmentName = z
  .string()
  .regex(/^[A-Za-z_][A-Za-z0-9_]{0,127}$/, 'the name of an environment variable')
const modelName = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._:/@-]{0,127}$/, 'a model name without spaces')
const httpUrl = z.url({ protocol: /^https?$/, error: 'an http or https address' })
// YAML 1.2 reads `on` and `off` as text.
const onOff = z
  .union([z.enum(['on', 'off']), z.boolean()])
  .transform((value) => value === 'on' || value === true)

const LOOPBACK = /^(127(?:\.\d{1,3}){3}|localhost|\[::1\])$/

/** Whether a host as it stands in a URL or address means this machine. */
export function isLoopback(host: string): boolean {
  return LOOPBACK.test(host.toLowerCase()) || host === '::1'
}

const serverUrl = httpUrl.refine((text) => {
  const url = URL.canParse(text) ? new URL(text) : null
  return (
    url !== null &&
    (url.protocol === 'https:' || isLoopback(url.hostname)) &&
    url.username === '' &&
    url.search === ''
  )
}, 'an https address without user name and query (http only on this machine)')

const listen = z
  .string()
  .regex(/^(\[[0-9a-fA-F:]+\]|[A-Za-z0-9.-]+):(\d{1,5})$/, 'host:port, such as 127.0.0.1:8787')
  .transform((text) => {
    const at = text.lastIndexOf(':')
    return { host: text.slice(0, at).replace(/^\[|\]$/g, ''), port: Number(text.slice(at + 1)) }
  })
  .refine((address) => address.port <= 65_535, 'a port up to 65535')

const jwt = z.strictObject({
  issuer: z.string().min(1),
  audience: z.string().min(1),
  jwks_url: httpUrl,
  algorithms: z
    .array(z.enum(['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512', 'ES256', 'ES384', 'ES512', 'EdDSA']))
    .min(1),
})

const auth = z
  .strictObject({ mode: z.enum(['none', 'keys', 'jwt']).default('none'), jwt: jwt.optional() })
  .refine((value) => value.mode !== 'jwt' || value.jwt !== undefined, 'mode jwt needs the jwt section')
  .refine((value) => value.mode === 'jwt' || value.jwt === undefined, 'a jwt section needs mode jwt')

const local = z
  .strictObject({
    engine: z.enum(['none', 'llama', 'openai']).default('none'),
    /** llama: the GGUF file. */
    model_path: z.string().min(1).optional(),
    /** llama: verified before loading; a mismatch refuses to start. */
    sha256: z
      .string()
      .regex(/^[0-9a-fA-F]{64}$/, '64 hexadecimal digits')
      .optional(),
    /** openai: the server's base address, such as http://127.0.0.1:8000/v1 */
    base_url: httpUrl.optional(),
    /** openai: several servers with the same model, instead of base_url. */
    base_urls: z.array(httpUrl).min(1).max(64).optional(),
    /** openai: the environment variable that holds the server's key, if it wants one. */
    api_key_env: environmentName.optional(),
    /** The name shown to clients and sent to an openai-engine server; auto: the first that the server lists. */
    model: modelName.default('local-model'),
    timeout_ms: z.int().min(100).max(3_600_000).default(60_000),
    /** How long a draft is waited for before it is judged; one that takes longer is given as it comes. */
    draft_timeout_ms: z.int().min(0).max(3_600_000).default(20_000),
    /** llama: CPU threads; absent: the engine's choice. */
    threads: z.int().min(1).max(1024).optional(),
    /** llama: layers to put on a GPU; 0 for CPU only. */
    gpu_layers: z.int().min(0).max(10_000).default(0),
    /** llama: context length in tokens; absent: the model's own, within bounds. */
    context_tokens: z.int().min(64).max(1_048_576).optional(),
    /** llama: most tokens of one answer, whatever the request asks; absent: up to the end of the context. */
    answer_tokens: z.int().min(1).max(1_048_576).optional(),
    /** llama: answers in progress at once. */
    sequences: z.int().min(1).max(64).default(2),
    /** llama: requests that may wait for a free sequence. */
    queue_limit: z.int().min(0).max(10_000).default(32),
  })
  .refine(
    (value) => value.engine !== 'llama' || value.model_path !== undefined,
    'engine llama needs model_path',
  )
  .refine(
    (value) => value.engine !== 'openai' || value.base_url !== undefined || value.base_urls !== undefined,
    'engine openai needs base_url or base_urls',
  )
  .refine(
    (value) => value.base_url === undefined || value.base_urls === undefined,
    'set base_url or base_urls, not both',
  )

const cloud = z.strictObject({
  name,
  base_url: serverUrl,
  api_key_env: environmentName.optional(),
  api_key_file: z.string().min(1).optional(),
  timeout_ms: z.int().min(100).max(3_600_000).default(120_000),
  /** The model where the shipped policy leaves it open. */
  model: modelName.default('gpt-4.1'),
})

/** Default of `detectors.ner_timeout_ms`. */
export const NER_TIMEOUT_MS = 5_000

const detectors = z.strictObject({
  pattern: onOff.refine((on) => on, 'the pattern layer cannot be switched off').default(true),
  ner: onOff.default(true),
  /** How eager the NER layer is: `balanced` masks less and misses more, `max` the other way round. */
  ner_recall: z.enum(['balanced', 'high', 'max']).default('high'),
  /** Who finds names: the built-in tagger, or in its place a model file or a Presidio-compatible server. */
  ner_engine: z.enum(['builtin', 'onnx', 'http']).default('builtin'),
  /** builtin: who is asked beside the tagger; `compromise` knows English and takes 4 ms for each KB. */
  ner_voters: z
    .array(z.enum(['compromise']))
    .max(1)
    .default([]),
  /** onnx: a folder with config.json, tokenizer.json and model.onnx of a token-classification model. */
  ner_model_path: z.string().min(1).optional(),
  /** http: the server's address; texts are sent to its /analyze. */
  ner_url: serverUrl.optional(),
  /** http: the environment variable that holds the server's bearer token, if it wants one. */
  ner_api_key_env: environmentName.optional(),
  /** onnx, http: milliseconds the NER layer may take for one request. */
  ner_timeout_ms: z.int().min(50).max(600_000).default(NER_TIMEOUT_MS),
  contextual: z
    .union([z.enum(['off', 'auto', 'required']), z.literal(false).transform(() => 'off' as const)])
    .default('auto'),
  /** Milliseconds the contextual pass may take for one request. */
  contextual_timeout_ms: z.int().min(50).max(600_000).default(10_000),
  languages: z
    .array(z.string().regex(/^(auto|[a-z]{2,3}(-[A-Za-z0-9]{2,8})*)$/, 'auto or a language tag such as en'))
    .default(['auto']),
  /** Exact values never treated as findings: whole value, case-insensitive; never a substring. */
  allow: z.array(z.string().min(1).max(1000)).max(100_000).default([]),
  /** Values that are always findings, of a type of your own or of the catalogue. */
  deny: z
    .array(
      z.strictObject({
        type: z.string().regex(ENTITY_NAME, 'a type name such as PROJECT'),
        values: z.array(z.string().min(2).max(1000)).min(1).max(100_000),
      }),
    )
    .default([]),
  /** Patterns that are always findings, in RE2's syntax: linear on every text. */
  patterns: z
    .array(
      z.strictObject({
        type: z.string().regex(ENTITY_NAME, 'a type name such as PROJECT'),
        pattern: z
          .string()
          .refine(
            (pattern) => compileOwnPattern(pattern) !== null,
            'a pattern in RE2 syntax of at most 1,000 characters that does not match the empty text; lookarounds and back-references are not known',
          ),
        /** Words one of which must stand near. */
        context: z.array(z.string().min(2).max(100)).max(1000).optional(),
      }),
    )
    .max(1000)
    .default([]),
  /** Strings of 24 characters and more that are no words and decode to no text: hashes, unknown keys, ciphertext. */
  opaque_blobs: z.enum(['keep', 'mask']).default('keep'),
})

const placeholders = z.strictObject({
  scope: z.enum(['request', 'conversation', 'tenant']).default('tenant'),
  rotate_days: z.int().min(1).max(3650).default(30),
})

const toolName = z.string().regex(/^(?:\*|[A-Za-z0-9_.-]{1,128})$/, 'the name of a tool, or *')

/** Where values are put back in answers of a cloud. Of two rules that apply, the one that puts back less holds. */
const restore = z.strictObject({
  /** `always`; `text_only`: in text, not in the arguments of tool calls; `never`: the placeholder stays. */
  default: z.enum(RESTORE_POLICIES).default('always'),
  /** The same by type, or by a group such as PAYMENT; a type's own entry goes before its group's. */
  types: z
    .record(z.string().regex(ENTITY_NAME, 'a type name such as CREDIT_CARD'), z.enum(RESTORE_POLICIES))
    .default({}),
  /** By tool, whether values go into its arguments; `*`: tools that are not named. */
  tools: z.record(toolName, z.enum(['always', 'never'])).default({}),
})

const limits = z.strictObject({
  body_bytes: z.int().min(1024).max(1_073_741_824).default(10_485_760),
  json_depth: z.int().min(4).max(512).default(64),
  concurrent: z.int().min(1).max(100_000).default(256),
  /** Connections of one client address (of IPv6: one /64 network). Many users may sit behind one. */
  connections_per_client: z.int().min(1).max(1_000_000).default(512),
  /** Milliseconds for the head of a request. */
  headers_timeout_ms: z.int().min(100).max(3_600_000).default(10_000),
  /** Milliseconds for a whole request, head and body. */
  request_timeout_ms: z.int().min(100).max(3_600_000).default(60_000),
  /** Milliseconds that a client may take nothing of an answer that waits for it. */
  stall_timeout_ms: z.int().min(100).max(3_600_000).default(60_000),
})

/** The whole file. Every key has a default; unknown keys are errors. */
export const configSchema = z.strictObject({
  listen: listen.default({ host: '127.0.0.1', port: 8787 }),
  data_dir: z.string().min(1).default('./data'),
  /** The installation's key file, shared by nodes that share a database; absent: made in data_dir/keys. */
  master_key_file: z.string().min(1).optional(),
  database_url_env: environmentName.default('DATABASE_URL'),
  rules: z.string().min(1).optional(),
  auth: auth.prefault({}),
  local: local.prefault({}),
  cloud: z
    .array(cloud)
    .max(32)
    .refine(
      (entries) => new Set(entries.map((entry) => entry.name)).size === entries.length,
      'cloud names must differ',
    )
    .default([]),
  detectors: detectors.prefault({}),
  placeholders: placeholders.prefault({}),
  restore: restore.prefault({}),
  unknown_models: z.enum(['auto', 'refuse']).default('auto'),
  /** Whether a field this proxy does not know refuses the request; false: it is dropped. */
  strict_fields: z.boolean().default(true),
  limits: limits.prefault({}),
})

export type ConfigFile = z.output<typeof configSchema>
