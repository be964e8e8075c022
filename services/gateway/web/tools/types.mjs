// Makes generated/api.ts from the contracts in proto/: a type for every method's parameters, body and reply, and its
// public address.  So a screen that asks for what is not there does not compile.
import { mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const here = dirname(fileURLToPath(import.meta.url))
const proto = join(here, '../../../../proto')

const quote = (text) => JSON.stringify(text)
const member = (name) => (/^[a-z_][a-z0-9_]*$/i.test(name) ? name : quote(name))
const union = (parts) => [...new Set(parts)].join(' | ')

function objectType(schema) {
  const required = new Set(schema.required ?? [])
  const members = Object.entries(schema.properties ?? {}).map(
    ([name, value]) => `${member(name)}${required.has(name) ? '' : '?'}: ${type(value)}`,
  )
  if (members.length === 0) return schema.additionalProperties === false ? 'Record<string, never>' : 'Record<string, unknown>'
  return `{ ${members.join('; ')} }`
}

// The part of JSON Schema that the contracts use; what it does not know becomes `unknown`, never `any`.
function type(schema) {
  if (schema === undefined || schema === true) return 'unknown'
  if ('const' in schema) return quote(schema.const)
  if (schema.enum) return union(schema.enum.map(quote))
  if (schema.properties) return objectType(schema) // what oneOf beside it adds are conditions, not members
  if (schema.oneOf || schema.anyOf) return `(${union((schema.oneOf ?? schema.anyOf).map(type))})`
  if (Array.isArray(schema.type)) return `(${union(schema.type.map((one) => type({ ...schema, type: one })))})`
  switch (schema.type) {
    case 'object':
      return objectType(schema)
    case 'array':
      return `Array<${type(schema.items)}>`
    case 'string':
      return 'string'
    case 'integer':
    case 'number':
      return 'number'
    case 'boolean':
      return 'boolean'
    case 'null':
      return 'null'
    default:
      return 'unknown'
  }
}

// openapi.yaml is written in one regular way (tests/contract holds it to that): no YAML parser is needed for three keys.
function addresses() {
  const found = {}
  let path, verb
  for (const line of readFileSync(join(proto, 'openapi.yaml'), 'utf8').split('\n')) {
    path = line.match(/^ {2}(\/\S*):$/)?.[1] ?? path
    verb = line.match(/^ {4}(get|post|put|delete):$/)?.[1] ?? verb
    const operation = line.match(/^ {6}operationId: (\S+)$/)?.[1]
    if (operation && path.startsWith('/v1/')) found[operation] = [verb.toUpperCase(), path]
  }
  return found
}

const routes = addresses()
const methods = readdirSync(join(proto, 'requests'))
  .map((name) => name.replace(/\.json$/, ''))
  .filter((name) => routes[name])
const lines = ['// Made by tools/types.mjs from proto/; not kept in git.', '', 'export interface Methods {']
for (const name of methods) {
  const { params, body, reply, title } = JSON.parse(readFileSync(join(proto, 'requests', `${name}.json`), 'utf8'))
  lines.push(`  /** ${title}: ${routes[name].join(' ')} */`)
  lines.push(`  ${quote(name)}: {`)
  lines.push(`    params: ${params ? type(params) : 'Record<string, never>'}`)
  lines.push(`    body: ${body ? type(body) : 'undefined'}`)
  lines.push(`    reply: ${reply ? type(reply) : 'undefined'}`)
  lines.push('  }')
}
lines.push('}', '', 'export const addresses: Record<keyof Methods, string> = {')
for (const name of methods) lines.push(`  ${quote(name)}: ${quote(routes[name].join(' '))},`)
lines.push('}', '')
mkdirSync(join(here, '../generated'), { recursive: true })
writeFileSync(join(here, '../generated/api.ts'), lines.join('\n'))
