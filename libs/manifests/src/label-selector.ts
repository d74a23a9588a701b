import type { LabelSelector } from './types/meta';

type Labels = Readonly<Record<string, string>>;

export type SelectorOperator = 'In' | 'NotIn' | 'Exists' | 'DoesNotExist';

export interface Requirement {
  readonly key: string;
  readonly operator: SelectorOperator;
  readonly values: readonly string[];
}

/** A parsed selector. No requirement: every object matches. */
export type Selector = readonly Requirement[];

function isOperator(word: string): word is SelectorOperator {
  return word === 'In' || word === 'NotIn' || word === 'Exists' || word === 'DoesNotExist';
}

/**
 * From the structured form. An absent selector matches nothing (undefined), an empty one everything, as in the API.
 * @throws RangeError for an operator other than In, NotIn, Exists, DoesNotExist
 */
export function selectorOf(selector: LabelSelector | undefined): Selector | undefined {
  if (!selector) return undefined;
  const exact = Object.entries(selector.matchLabels ?? {}).map(([key, value]): Requirement => ({
    key,
    operator: 'In',
    values: [value],
  }));
  const expressions = (selector.matchExpressions ?? []).map(({ key, operator, values }): Requirement => {
    if (!isOperator(operator))
      throw new RangeError(
        `selector operator must be In, NotIn, Exists or DoesNotExist, got ${JSON.stringify(operator)}`,
      );
    return { key, operator, values: values ?? [] };
  });
  return [...exact, ...expressions];
}

/** From a map of labels (a Service's `spec.selector`). */
export function selectorOfLabels(labels: Labels): Selector {
  return Object.entries(labels).map(([key, value]) => ({ key, operator: 'In', values: [value] }));
}

/**
 * From text, as `kubectl -l` and a Scale's `status.selector` have it: `app=web,tier in (a,b),!canary,zone!=x,gpu`.
 * @throws RangeError naming the part that cannot be read
 */
export function parseSelector(text: string): Selector {
  const requirements: Requirement[] = [];
  const part =
    /\s*(?:!\s*([\w./-]+)|([\w./-]+)\s+(in|notin)\s*\(([^)]*)\)|([\w./-]+)\s*(==|=|!=)\s*([\w.-]*)|([\w./-]+))\s*(?:,|$)/y;
  while (part.lastIndex < text.length) {
    const start = part.lastIndex;
    const m = part.exec(text);
    if (!m)
      throw new RangeError(
        `label selector ${JSON.stringify(text)} cannot be read at ${JSON.stringify(text.slice(start))}`,
      );
    if (m[1]) requirements.push({ key: m[1], operator: 'DoesNotExist', values: [] });
    else if (m[2]) {
      const values = (m[4] ?? '').split(',').map((v) => v.trim());
      requirements.push({ key: m[2], operator: m[3] === 'in' ? 'In' : 'NotIn', values });
    } else if (m[5])
      requirements.push({ key: m[5], operator: m[6] === '!=' ? 'NotIn' : 'In', values: [m[7] ?? ''] });
    else if (m[8]) requirements.push({ key: m[8], operator: 'Exists', values: [] });
  }
  return requirements;
}

/** The text form, in the order of the keys as the API prints it; `''` for a selector that matches everything. */
export function formatSelector(selector: Selector): string {
  return [...selector]
    .sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0))
    .map(({ key, operator, values }) => {
      if (operator === 'Exists') return key;
      if (operator === 'DoesNotExist') return `!${key}`;
      if (operator === 'In' && values.length === 1) return `${key}=${values[0]}`;
      return `${key} ${operator === 'In' ? 'in' : 'notin'} (${[...values].sort().join(',')})`;
    })
    .join(',');
}

/** An undefined selector matches nothing. */
export function selects(selector: Selector | undefined, labels: Labels | undefined): boolean {
  if (!selector) return false;
  return selector.every(({ key, operator, values }) => {
    const value = labels?.[key];
    switch (operator) {
      case 'Exists':
        return value !== undefined;
      case 'DoesNotExist':
        return value === undefined;
      case 'In':
        return value !== undefined && values.includes(value);
      case 'NotIn':
        return value === undefined || !values.includes(value);
    }
  });
}
