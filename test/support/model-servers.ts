/**
 * vLLM, Ollama and llama-server as they write their answers: lists of models, whole and streamed answers, reasoning, calls of
 * tools, usage, errors. Facts from their public sources and documentation, as of 2026; `vLLM 0.9` stands for the versions
 * that wrote errors without an `error` around them.
 */
import type { Behaviour, ChatBody, SeenRequest } from './scripted-openai-server.ts'

/** What goes wrong with a request, by what the server says of it. */
export type Mishap =
  | 'overflow'
  | 'unknown model'
  | 'wrong key'
  | 'busy'
  | 'loading'
  | 'broken'
  | 'no tools'
  | 'no schema'

/** One server's way of writing. */
export interface ModelServer {
  /** The id it lists. */
  readonly model: string
  readonly models: object
  /** Its list where it has no model. */
  readonly noModels: object
  readonly errors: Partial<Readonly<Record<Mishap, readonly [status: number, body: object | string]>>>
  /** Fields of a whole answer besides its choices and usage. */
  readonly frame: object
  /** Fields of a choice besides index, message and finish_reason. */
  readonly choice: object
  /** Name of the field for thoughts. */
  readonly reasoning: string
  /** Fields of a message besides its text. */
  readonly message: object
  /** The delta before the first word, if it sends one. */
  readonly opening: object | null
  /** What every later delta holds besides its text. */
  readonly delta: object
  /** Fields of the last chunk with a choice. */
  readonly closing: object
  /** Lines between events. */
  readonly comment: string
}

const HEAD = { created: 1_764_000_000, system_fingerprint: null }

const vllm: ModelServer = {
  model: 'Qwen/Qwen3-4B-Instruct-2507',
  models: {
    object: 'list',
    data: [
      {
        id: 'Qwen/Qwen3-4B-Instruct-2507',
        object: 'model',
        created: 1_764_000_000,
        owned_by: 'vllm',
        root: 'Qwen/Qwen3-4B-Instruct-2507',
        parent: null,
        max_model_len: 32_768,
        permission: [{ id: 'modelperm-1', object: 'model_permission', allow_sampling: true, group: null }],
      },
    ],
  },
  noModels: { object: 'list', data: [] },
  errors: {
    overflow: [
      400,
      {
        error: {
          message:
            "This model's maximum context length is 32768 tokens. However, your request has 40000 input tokens.",
          type: 'BadRequestError',
          param: 'input_tokens',
          code: 400,
        },
      },
    ],
    'unknown model': [
      404,
      {
        error: { message: 'The model `m` does not exist.', type: 'NotFoundError', param: 'model', code: 404 },
      },
    ],
    'wrong key': [401, { error: 'Unauthorized' }],
    broken: [
      500,
      { error: { message: 'EngineCore encountered an issue.', type: 'InternalServerError', code: 500 } },
    ],
    'no tools': [
      400,
      {
        error: {
          message: '"auto" tool choice requires --enable-auto-tool-choice and --tool-call-parser to be set',
          type: 'BadRequestError',
          param: null,
          code: 400,
        },
      },
    ],
  },
  frame: {
    ...HEAD,
    service_tier: null,
    prompt_logprobs: null,
    prompt_token_ids: null,
    kv_transfer_params: null,
  },
  choice: { logprobs: null, stop_reason: null, token_ids: null },
  reasoning: 'reasoning',
  message: { refusal: null, annotations: null, audio: null, function_call: null, tool_calls: [] },
  opening: { role: 'assistant', content: '' },
  delta: {},
  closing: { stop_reason: null, token_ids: null },
  comment: '',
}

const unwrapped = (status: number, message: string, type: string): readonly [number, object] => [
  status,
  { object: 'error', message, type, param: null, code: status },
]

const vllmBefore: ModelServer = {
  ...vllm,
  errors: {
    ...vllm.errors,
    overflow: unwrapped(
      400,
      "This model's maximum context length is 32768 tokens. However, you requested 40000 tokens.",
      'BadRequestError',
    ),
    'unknown model': unwrapped(404, 'The model `m` does not exist.', 'NotFoundError'),
    broken: unwrapped(500, 'EngineCore encountered an issue.', 'InternalServerError'),
    'no tools': unwrapped(400, '"auto" tool choice requires --enable-auto-tool-choice', 'BadRequestError'),
    'no schema': unwrapped(
      400,
      "response_format: Input should be 'text' or 'json_object'",
      'BadRequestError',
    ),
  },
  reasoning: 'reasoning_content',
}

const ollama: ModelServer = {
  model: 'qwen3:4b',
  models: {
    object: 'list',
    data: [{ id: 'qwen3:4b', object: 'model', created: 1_764_000_000, owned_by: 'library' }],
  },
  noModels: { object: 'list', data: null },
  errors: {
    'unknown model': [
      404,
      {
        error: {
          message: 'model "m" not found, try pulling it first',
          type: 'not_found_error',
          param: null,
          code: null,
        },
      },
    ],
    busy: [
      503,
      {
        error: {
          message: 'server busy, please try again. maximum pending requests exceeded',
          type: 'api_error',
          param: null,
          code: null,
        },
      },
    ],
    broken: [
      500,
      {
        error: {
          message: 'model requires more system memory (9.1 GiB) than is available (3.2 GiB)',
          type: 'api_error',
          param: null,
          code: null,
        },
      },
    ],
    'no tools': [
      400,
      {
        error: {
          message: 'registry.ollama.ai/library/m does not support tools',
          type: 'invalid_request_error',
          param: null,
          code: null,
        },
      },
    ],
  },
  frame: { created: 1_764_000_000, system_fingerprint: 'fp_ollama' },
  choice: {},
  reasoning: 'reasoning',
  message: {},
  opening: null,
  delta: { role: 'assistant' },
  closing: {},
  comment: '',
}

const llamaServer: ModelServer = {
  model: 'qwen3-4b',
  models: {
    models: [{ name: 'qwen3-4b', model: 'qwen3-4b', type: 'model', capabilities: ['completion'] }],
    object: 'list',
    data: [
      {
        id: 'qwen3-4b',
        object: 'model',
        created: 1_764_000_000,
        owned_by: 'llamacpp',
        meta: { vocab_type: 2, n_vocab: 151_936, n_ctx_train: 40_960, n_embd: 2560, n_params: 4_022_468_096 },
      },
    ],
  },
  noModels: { models: [], object: 'list', data: [] },
  errors: {
    overflow: [
      400,
      {
        error: {
          code: 400,
          message:
            'request (9412 tokens) exceeds the available context size (8192 tokens), try increasing it',
          type: 'exceed_context_size_error',
          n_prompt_tokens: 9412,
          n_ctx: 8192,
        },
      },
    ],
    'wrong key': [401, { error: { message: 'Invalid API Key', type: 'authentication_error', code: 401 } }],
    loading: [503, { error: { message: 'Loading model', type: 'unavailable_error', code: 503 } }],
    broken: [500, { error: { code: 500, message: 'Compute error.', type: 'server_error' } }],
    'no tools': [
      501,
      { error: { code: 501, message: 'This server does not support tools.', type: 'not_supported_error' } },
    ],
    'no schema': [
      400,
      { error: { code: 400, message: 'Failed to parse grammar', type: 'invalid_request_error' } },
    ],
  },
  frame: {
    created: 1_764_000_000,
    system_fingerprint: 'b7000-0123abc',
    timings: { prompt_n: 12, prompt_ms: 80.1, predicted_n: 4, predicted_ms: 200.5 },
  },
  choice: {},
  reasoning: 'reasoning_content',
  message: {},
  opening: { role: 'assistant', content: null },
  delta: {},
  closing: {},
  comment: ':\n\n',
}

/** All of them, by name and version. */
export const MODEL_SERVERS: Readonly<Record<string, ModelServer>> = {
  vLLM: vllm,
  'vLLM 0.9': vllmBefore,
  Ollama: ollama,
  'llama-server': llamaServer,
}

/** What a server says; `thoughts` come before the text. */
export interface Said {
  readonly text?: string
  readonly thoughts?: string
  readonly call?: { readonly name: string; readonly arguments: string }
}

/** A server that says this to every chat request, and lists its models. */
export function serving(
  server: ModelServer,
  said: Said | ((body: ChatBody) => Said),
): (request: SeenRequest) => Behaviour {
  return ({ path, body }) => {
    if (path.endsWith('/models')) return json(200, server.models)
    const now = typeof said === 'function' ? said(body) : said
    return body.stream === true ? streamed(server, now, body) : whole(server, now)
  }
}

/** A server on which this goes wrong; its list of models is there unless it is still loading. */
export function failing(server: ModelServer, mishap: Mishap): (request: SeenRequest) => Behaviour {
  const [status, body] = server.errors[mishap] ?? [500, {}]
  return ({ path }) =>
    path.endsWith('/models') && mishap !== 'loading' ? json(200, server.models) : json(status, body)
}

function json(status: number, body: object | string): Behaviour {
  return { kind: 'raw', status, mediaType: 'application/json; charset=utf-8', body: JSON.stringify(body) }
}

const USAGE = { prompt_tokens: 12, completion_tokens: 4, total_tokens: 16 }

function toolCall({ name, arguments: text }: NonNullable<Said['call']>): object {
  return { id: 'call_abc123', index: 0, type: 'function', function: { name, arguments: text } }
}

function whole(server: ModelServer, { text, thoughts, call }: Said): Behaviour {
  const message = {
    role: 'assistant',
    ...server.message,
    content: text ?? null,
    ...(thoughts === undefined ? {} : { [server.reasoning]: thoughts }),
    ...(call === undefined ? {} : { tool_calls: [toolCall(call)] }),
  }
  const finish_reason = call === undefined ? 'stop' : 'tool_calls'
  return json(200, {
    id: 'chatcmpl-1',
    object: 'chat.completion',
    model: server.model,
    ...server.frame,
    choices: [{ index: 0, message, finish_reason, ...server.choice }],
    usage: USAGE,
  })
}

function streamed(server: ModelServer, { text = '', thoughts = '', call }: Said, body: ChatBody): Behaviour {
  const words = (all: string): readonly string[] => all.match(/\s?\S+/gu) ?? []
  const delta = (fields: object) => ({ ...server.delta, ...fields })
  const deltas = [
    ...(server.opening === null ? [] : [server.opening]),
    ...words(thoughts).map((word) => delta({ [server.reasoning]: word })),
    ...words(text).map((word) => delta({ content: word })),
    ...(call === undefined ? [] : [delta({ tool_calls: [toolCall(call)] })]),
  ]
  const finish_reason = call === undefined ? 'stop' : 'tool_calls'
  const chunk = (choices: readonly object[], more: object = {}) => {
    const { timings: _, ...frame } = { timings: null, ...server.frame }
    const event = {
      id: 'chatcmpl-1',
      object: 'chat.completion.chunk',
      model: server.model,
      ...frame,
      ...more,
    }
    return `data: ${JSON.stringify({ ...event, choices })}\n\n`
  }
  const events = [
    ...deltas.map((one) => chunk([{ index: 0, delta: one, finish_reason: null }])),
    chunk([
      {
        index: 0,
        delta: delta(server.opening === null ? { content: '' } : {}),
        finish_reason,
        ...server.closing,
      },
    ]),
    ...(body.stream_options?.include_usage === true ? [chunk([], { usage: USAGE })] : []),
    'data: [DONE]\n\n',
  ]
  return { kind: 'raw', mediaType: 'text/event-stream; charset=utf-8', body: events.join(server.comment) }
}
