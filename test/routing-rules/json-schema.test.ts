import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { casesJsonSchema, policyJsonSchema } from '../../routing-rules/index.ts'
import { policyWith } from './support.ts'

describe('the schema for editors', () => {
  const schema = JSON.parse(JSON.stringify(policyJsonSchema(['PROJECT'])))

  it('names every fact with the operators that apply to it', () => {
    const { properties } = schema.$defs.conditions
    for (const fact of policyWith('').facts.values()) assert.ok(fact.path in properties, fact.path)
    assert.ok('findings.PROJECT.count' in properties)
    assert.deepEqual(Object.keys(properties['identity.team'].properties), ['eq', 'neq', 'in', 'nin'])
    assert.deepEqual(properties['detectors.ner.status'].properties.neq.enum, ['ok', 'off', 'down', 'timeout'])
  })

  it('lets conditions nest', () => {
    const { properties } = schema.$defs.conditions
    assert.deepEqual(properties.any.items, { $ref: '#/$defs/conditions' })
    assert.equal(schema.properties.guards.items.properties.when.$ref, '#/$defs/conditions')
  })

  it('refuses unknown keys and says what a key is for', () => {
    assert.equal(schema.additionalProperties, false)
    assert.match(schema.properties.revision.description, /every decision/)
  })

  it('exists for rule tests too', () => {
    assert.ok('tests' in (casesJsonSchema().properties as object))
  })
})
