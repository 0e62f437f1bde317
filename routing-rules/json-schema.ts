/** JSON Schemas of policy and test files, for completion and checks in editors. */
import { z } from 'zod'
import { ENTITIES, ENTITY_GROUPS } from '../detectors/entities.ts'
import { casesSchema } from './cases.ts'
import { type FactDefinition, factsOf } from './conditions/index.ts'
import { OPERATORS_OF } from './conditions/operators.ts'
import { policySchema } from './schema.ts'

type JsonSchema = { readonly [keyword: string]: unknown }

/** The JSON Schema (draft 2020-12) of a policy. `entityTypes` are types beyond the catalogue. */
export function policyJsonSchema(entityTypes: readonly string[] = []): JsonSchema {
  const schema = z.toJSONSchema(policySchema, { target: 'draft-2020-12', io: 'input' })
  return {
    ...schema,
    title: 'cloakroom routing rules',
    $defs: { ...schema.$defs, conditions: conditionsSchema(entityTypes) },
  }
}

/** The JSON Schema (draft 2020-12) of a file of rule tests. */
export function casesJsonSchema(): JsonSchema {
  return {
    ...z.toJSONSchema(casesSchema, { target: 'draft-2020-12', io: 'input' }),
    title: 'cloakroom rule tests',
  }
}

const CONDITIONS = { $ref: '#/$defs/conditions' }

/** Facts by name; lists and groups of the file by pattern, since a schema cannot look them up. */
function conditionsSchema(entityTypes: readonly string[]): JsonSchema {
  const entities = [...ENTITIES.map((row) => row.type as string), ...entityTypes]
  const facts = factsOf({ entities, groups: new Map(Object.entries(ENTITY_GROUPS)), lists: [] })
  const count = testsSchema('number', undefined, 'how many')
  return {
    type: 'object',
    minProperties: 1,
    description: 'Conditions that must all hold.',
    properties: {
      all: { type: 'array', minItems: 1, items: CONDITIONS },
      any: { type: 'array', minItems: 1, items: CONDITIONS },
      not: CONDITIONS,
      ...Object.fromEntries([...facts.values()].map((fact) => [fact.path, factSchema(fact)])),
    },
    patternProperties: {
      '^lists\\.[a-z][a-z0-9_-]*\\.hits$': count,
      '^findings\\.[A-Z][A-Z0-9_]*\\.count$': count,
    },
    additionalProperties: false,
  }
}

function factSchema(fact: FactDefinition): JsonSchema {
  return testsSchema(fact.kind, fact.kind === 'text' ? fact.values : undefined, fact.about)
}

const VALUE_TYPE = { number: 'number', flag: 'boolean', text: 'string', texts: 'string', header: 'string' }

function testsSchema(
  kind: FactDefinition['kind'],
  values: readonly string[] | undefined,
  description: string,
): JsonSchema {
  const value = { type: VALUE_TYPE[kind], ...(values === undefined ? {} : { enum: values }) }
  const many = { type: 'array', minItems: 1, items: value }
  const entries = OPERATORS_OF[kind].map((name) => [name, name === 'in' || name === 'nin' ? many : value])
  return {
    type: 'object',
    description,
    minProperties: 1,
    additionalProperties: false,
    properties: Object.fromEntries(entries),
  }
}
