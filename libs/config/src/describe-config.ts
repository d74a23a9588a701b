import { Secret } from './secret';

/** Settings as they may be logged at start: secrets as `***`, passwords inside URLs hidden, missing ones as `unset`. */
export function describeConfig(config: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(config).map(([key, value]) => [key, describe(value)]));
}

function describe(value: unknown): unknown {
  if (value === undefined) return 'unset';
  if (value instanceof Secret) return value.toString();
  if (typeof value === 'string') return value.replace(/^([a-z][a-z0-9+.-]*:\/\/)[^/@\s]*@/i, '$1***@');
  if (Array.isArray(value)) return value.map(describe);
  return value;
}
