import { allowedValues } from './allowed-values';
import { isFields } from './fields';
import { describe, oneOf, type FieldPath, type Issue } from './issue';
import { quantitySyntax } from './name-syntax';
import { nearest } from './nearest';
import { definition, resolve, type Schema } from './schema';

const patterns = new Map<string, RegExp>();

function matches(pattern: string, text: string): boolean {
  let regexp = patterns.get(pattern);
  if (!regexp) patterns.set(pattern, (regexp = new RegExp(pattern, 'u')));
  return regexp.test(text);
}

/**
 * Compares a value with a schema as strictly as the API server does with `fieldValidation=Strict`: unknown fields are issues.
 * A null in a map counts as absent, as in the API.
 */
export function validateSchema(value: unknown, schema: Schema, path: FieldPath, issues: Issue[]): void {
  let owner: string | undefined;
  let current = schema;
  while (current.$ref) {
    owner = current.$ref;
    if (owner === 'Quantity') return checkQuantity(value, path, issues);
    if (owner === 'IntOrString') return checkIntOrString(value, path, issues);
    const target = definition(owner);
    if (!target) throw new Error(`schema has no definition ${owner}`);
    current = target;
  }
  if (value === null && current.nullable) return;
  if (current['x-kubernetes-int-or-string']) return checkIntOrString(value, path, issues, current.pattern);
  switch (current.type) {
    case 'object':
      return checkObject(value, current, owner, path, issues);
    case 'array':
      return checkList(value, current, path, issues);
    case 'string':
      return checkText(value, current, path, issues);
    case 'integer':
    case 'number':
      return checkNumber(value, current, path, issues);
    case 'boolean':
      if (typeof value !== 'boolean') wrongType('true or false', value, path, issues);
      return;
    default:
      return;
  }
}

function wrongType(allowed: string, value: unknown, path: FieldPath, issues: Issue[]): void {
  issues.push({ code: 'WrongType', path, message: `must be ${allowed}, got ${describe(value)}` });
}

function notAllowed(message: string, path: FieldPath, issues: Issue[]): void {
  issues.push({ code: 'NotAllowed', path, message });
}

function checkQuantity(value: unknown, path: FieldPath, issues: Issue[]): void {
  if (typeof value === 'number') return;
  if (typeof value !== 'string') return wrongType('a quantity', value, path, issues);
  const problem = quantitySyntax(value);
  if (problem) notAllowed(`${problem}, got ${describe(value)}`, path, issues);
}

function checkIntOrString(value: unknown, path: FieldPath, issues: Issue[], pattern?: string): void {
  if (typeof value !== 'string' && !(typeof value === 'number' && Number.isInteger(value))) {
    return wrongType('an integer or a string', value, path, issues);
  }
  if (typeof value === 'string' && pattern && !matches(pattern, value)) {
    notAllowed(`must match ${pattern}, got ${describe(value)}`, path, issues);
  }
}

function checkObject(
  value: unknown,
  schema: Schema,
  owner: string | undefined,
  path: FieldPath,
  issues: Issue[],
): void {
  if (!isFields(value)) return wrongType('a map', value, path, issues);
  const { properties, additionalProperties } = schema;
  const keeps = schema['x-kubernetes-preserve-unknown-fields'] === true;
  for (const [key, child] of Object.entries(value)) {
    const known = properties && Object.hasOwn(properties, key) ? properties[key] : undefined;
    const childSchema = known ?? additionalProperties;
    if (!childSchema) {
      if (properties && !keeps) issues.push(unknownField(key, Object.keys(properties), [...path, key]));
      continue;
    }
    if (child === undefined || (child === null && !additionalProperties)) continue;
    validateSchema(child, childSchema, [...path, key], issues);
    const allowed = owner && known ? allowedValues[`${owner}.${key}`] : undefined;
    if (allowed && typeof child === 'string' && !allowed.includes(child)) {
      notAllowed(`must be ${oneOf(allowed)}, got ${describe(child)}`, [...path, key], issues);
    }
  }
  for (const key of schema.required ?? []) {
    if (value[key] === undefined || value[key] === null) {
      issues.push({
        code: 'Missing',
        path: [...path, key],
        message: `is required${kindOfField(properties?.[key])}`,
      });
    }
  }
}

function kindOfField(schema: Schema | undefined): string {
  const type = schema && resolve(schema).type;
  const word = {
    string: 'a string',
    integer: 'an integer',
    array: 'a list',
    object: 'a map',
    boolean: 'true or false',
  }[type ?? ''];
  return word ? ` (${word})` : '';
}

function unknownField(key: string, known: readonly string[], path: FieldPath): Issue {
  const close = nearest(key, known);
  const allowed = [...known].sort();
  const shown =
    allowed.length <= 12
      ? allowed.join(', ')
      : `${allowed.slice(0, 12).join(', ')}, ... (${allowed.length} fields)`;
  return {
    code: 'UnknownField',
    path,
    message: close ? `unknown field; did you mean "${close}"?` : `unknown field; allowed: ${shown}`,
  };
}

function checkList(value: unknown, schema: Schema, path: FieldPath, issues: Issue[]): void {
  if (!Array.isArray(value)) return wrongType('a list', value, path, issues);
  if (schema.minItems !== undefined && value.length < schema.minItems) {
    notAllowed(`must have at least ${schema.minItems} items, got ${value.length}`, path, issues);
  }
  if (schema.maxItems !== undefined && value.length > schema.maxItems) {
    notAllowed(`must have at most ${schema.maxItems} items, got ${value.length}`, path, issues);
  }
  const { items } = schema;
  if (items) value.forEach((item, i) => validateSchema(item, items, [...path, i], issues));
}

function checkText(value: unknown, schema: Schema, path: FieldPath, issues: Issue[]): void {
  if (typeof value !== 'string') return wrongType('a string', value, path, issues);
  if (schema.enum && !schema.enum.includes(value))
    return notAllowed(`must be ${oneOf(schema.enum)}, got ${describe(value)}`, path, issues);
  if (schema.minLength !== undefined && value.length < schema.minLength) {
    notAllowed(
      value === ''
        ? 'must not be empty'
        : `must have at least ${schema.minLength} characters, got ${value.length}`,
      path,
      issues,
    );
  }
  if (schema.maxLength !== undefined && value.length > schema.maxLength) {
    notAllowed(`must have at most ${schema.maxLength} characters, got ${value.length}`, path, issues);
  }
  if (schema.pattern && !matches(schema.pattern, value))
    notAllowed(`must match ${schema.pattern}, got ${describe(value)}`, path, issues);
  if (
    schema.format === 'date-time' &&
    !/^\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(\.\d+)?([Zz]|[+-]\d\d:\d\d)$/.test(value)
  ) {
    notAllowed(`must be a time such as 2026-01-31T12:00:00Z, got ${describe(value)}`, path, issues);
  }
  if (schema.format === 'byte' && !/^[A-Za-z0-9+/\s]*={0,2}\s*$/.test(value)) {
    notAllowed('must be base64', path, issues);
  }
}

function checkNumber(value: unknown, schema: Schema, path: FieldPath, issues: Issue[]): void {
  const whole = schema.type === 'integer';
  if (typeof value !== 'number' || !Number.isFinite(value) || (whole && !Number.isInteger(value))) {
    return wrongType(whole ? 'an integer' : 'a number', value, path, issues);
  }
  if (schema.format === 'int32' && (value < -2147483648 || value > 2147483647)) {
    return notAllowed(`must be between -2147483648 and 2147483647, got ${value}`, path, issues);
  }
  if (schema.minimum !== undefined && value < schema.minimum)
    notAllowed(`must be at least ${schema.minimum}, got ${value}`, path, issues);
  if (schema.maximum !== undefined && value > schema.maximum)
    notAllowed(`must be at most ${schema.maximum}, got ${value}`, path, issues);
  if (schema.enum && !schema.enum.includes(value))
    notAllowed(`must be ${oneOf(schema.enum)}, got ${value}`, path, issues);
}
