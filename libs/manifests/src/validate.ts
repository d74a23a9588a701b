import { fieldsOf, isFields, withoutNulls } from './fields';
import { describe, type Issue } from './issue';
import { nearest } from './nearest';
import { validateRules } from './rules/validate-rules';
import { apiVersionOf, kindOf, kinds, schemaOf } from './schema';
import { validateSchema } from './validate-schema';

function unknownKind(apiVersion: string, kind: string): Issue {
  const sameKind = kinds.filter((k) => k.kind === kind);
  if (sameKind.length) {
    return {
      code: 'UnknownKind',
      path: ['apiVersion'],
      message: `${kind} is known as ${sameKind.map(apiVersionOf).join(' or ')}, got ${describe(apiVersion)}`,
    };
  }
  const names = [...new Set(kinds.map((k) => k.kind))].sort();
  const close = nearest(kind, names);
  return {
    code: 'UnknownKind',
    path: ['kind'],
    message: `unknown kind "${kind}" of ${apiVersion}; ${close ? `did you mean ${close}?` : `known: ${names.join(', ')}`}`,
  };
}

/**
 * Everything that is wrong with one object, in no particular order; empty when it is right. The same strictness as the API
 * server's `fieldValidation=Strict` for the kinds of `kinds`.
 */
export function validateObject(object: unknown): readonly Issue[] {
  if (!isFields(object))
    return [
      {
        code: 'NotAnObject',
        path: [],
        message: `must be an object with apiVersion and kind, got ${describe(object)}`,
      },
    ];
  const missing = ['apiVersion', 'kind'].filter(
    (key) => typeof object[key] !== 'string' || object[key] === '',
  );
  if (missing.length)
    return missing.map((key) => ({ code: 'Missing', path: [key], message: 'is required (a string)' }));
  const kind = kindOf(String(object.apiVersion), String(object.kind));
  if (!kind) return [unknownKind(String(object.apiVersion), String(object.kind))];
  const issues: Issue[] = [];
  const schema = schemaOf(kind);
  validateSchema(object, schema, [], issues);
  if (
    schema.properties?.spec &&
    object.spec === undefined &&
    !['Namespace', 'Node', 'Lease', 'LimitRange', 'ResourceQuota'].includes(kind.kind)
  ) {
    if (!issues.some((i) => i.path[0] === 'spec'))
      issues.push({ code: 'Missing', path: ['spec'], message: 'is required (a map)' });
  }
  // Rules read fields of the right type only, so a wrong type is told once.
  if (isFields(fieldsOf(object).metadata) || object.metadata === undefined)
    validateRules(fieldsOf(withoutNulls(object)), kind, issues);
  return issues;
}
