import { parseMilli } from '../quantity/milli';
import { type HpaManifest } from './hpa-manifest';

/**
 * Whether KEDA writes its HPA over the one it found: another number of metrics, another behavior, a field that is set
 * differently, or labels and annotations that are missing. What the found one has beyond that is left alone.
 */
export function needsHpaUpdate(wanted: HpaManifest, found: HpaManifest): boolean {
  const annotations = wanted.metadata.annotations;
  return (
    (wanted.spec.metrics?.length ?? 0) !== (found.spec.metrics?.length ?? 0) ||
    !isEqual(wanted.spec.behavior, found.spec.behavior) ||
    !isDerivative(wanted.spec, found.spec) ||
    !isDerivative(wanted.metadata.labels, found.metadata.labels) ||
    (annotations === undefined && Object.keys(found.metadata.annotations ?? {}).length > 0) ||
    !isDerivative(annotations, found.metadata.annotations)
  );
}

type Fields = Readonly<Record<string, unknown>>;
const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Unset and empty are the same. */
const isEmpty = (value: unknown): boolean =>
  value === undefined || value === null || (Array.isArray(value) && value.length === 0);

function isEqual(a: unknown, b: unknown): boolean {
  if (isEmpty(a) || isEmpty(b)) return isEmpty(a) && isEmpty(b);
  if (Array.isArray(a) && Array.isArray(b))
    return a.length === b.length && a.every((item, i) => isEqual(item, b[i]));
  if (isFields(a) && isFields(b)) {
    return [...new Set([...Object.keys(a), ...Object.keys(b)])].every((key) => isEqual(a[key], b[key]));
  }
  return a === b;
}

/** Every field that `wanted` sets has the same value in `found`; zero, "" and empty count as unset. */
function isDerivative(wanted: unknown, found: unknown, key = ''): boolean {
  if (isEmpty(wanted) || wanted === 0 || wanted === '') return true;
  if (Array.isArray(wanted)) {
    return (
      Array.isArray(found) &&
      wanted.length <= found.length &&
      wanted.every((item, i) => isDerivative(item, found[i]))
    );
  }
  if (isFields(wanted)) {
    return Object.entries(wanted).every(([name, value]) =>
      isDerivative(value, isFields(found) ? found[name] : undefined, name),
    );
  }
  if (
    (key === 'averageValue' || key === 'value') &&
    typeof wanted === 'string' &&
    typeof found === 'string'
  ) {
    return wanted === found || parseMilli(wanted) === parseMilli(found);
  }
  return wanted === found;
}
