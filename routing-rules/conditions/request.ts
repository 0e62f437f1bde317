/** What is asked, apart from its text. */
import type { FactFamily } from './types.ts'

/** The endpoints a rule may name. */
export const ENDPOINTS = ['chat', 'responses', 'completions', 'embeddings'] as const

export const request: FactFamily = {
  id: 'request',
  facts: () => [
    {
      path: 'request.endpoint',
      kind: 'text',
      values: ENDPOINTS,
      about: 'the endpoint called',
      keys: ['request', 'endpoint'],
      read: (facts) => facts.request.endpoint,
    },
    {
      path: 'request.model',
      kind: 'text',
      isFromClient: true,
      about: 'the model name the client asked for; in a guard it can only tighten',
      keys: ['request', 'model'],
      read: (facts) => facts.request.model,
    },
    {
      path: 'request.tokens',
      kind: 'number',
      min: 0,
      max: Number.POSITIVE_INFINITY,
      about: 'estimated prompt tokens',
      keys: ['request', 'tokens'],
      read: (facts) => facts.request.tokens,
    },
    {
      path: 'request.has_tools',
      kind: 'flag',
      about: 'whether tools are offered',
      keys: ['request', 'has_tools'],
      read: (facts) => facts.request.has_tools,
    },
    {
      path: 'request.has_images',
      kind: 'flag',
      about: 'whether images are attached',
      keys: ['request', 'has_images'],
      read: (facts) => facts.request.has_images,
    },
    {
      path: 'request.stream',
      kind: 'flag',
      about: 'whether the answer is streamed',
      keys: ['request', 'stream'],
      read: (facts) => facts.request.stream,
    },
    {
      path: 'request.language',
      kind: 'text',
      ignoresCase: true,
      about: 'language of the prompt, such as en',
      keys: ['request', 'language'],
      read: (facts) => facts.request.language,
    },
  ],
}
