import { SelectorError } from './label-selector';
import type { KubeObject } from './port';

export type FieldMatcher = (object: KubeObject) => boolean;

function fieldText(object: KubeObject, path: readonly string[]): string {
  let value: unknown = object;
  for (const key of path) {
    if (value === null || typeof value !== 'object') return '';
    value = (value as Record<string, unknown>)[key];
  }
  return value === undefined || value === null ? '' : String(value);
}

/**
 * Reads `metadata.name=web,status.phase!=Running`. Unlike Kubernetes, which knows a short list of fields a kind, any field path
 * can be asked for; an absent field counts as empty, as there.
 */
export function parseFieldSelector(text: string | undefined): FieldMatcher {
  if (text === undefined || text.trim() === '') return () => true;
  const terms = text.split(',').map((term) => {
    const read = /^\s*([A-Za-z][\w.-]*)\s*(==|=|!=)\s*(\S*)\s*$/.exec(term);
    if (!read) {
      throw new SelectorError(
        `field selector "${text}": cannot read "${term}"; allowed: path=value, path!=value`,
      );
    }
    return { path: (read[1] ?? '').split('.'), equal: read[2] !== '!=', value: read[3] ?? '' };
  });
  return (object) => terms.every(({ path, equal, value }) => (fieldText(object, path) === value) === equal);
}
