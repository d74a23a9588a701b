/** `metav1.LabelSelector`. */
export interface LabelSelector {
  readonly matchLabels?: Readonly<Record<string, string>>;
  readonly matchExpressions?: readonly LabelSelectorRequirement[];
}

export interface LabelSelectorRequirement {
  readonly key: string;
  readonly operator: 'In' | 'NotIn' | 'Exists' | 'DoesNotExist' | (string & {});
  readonly values?: readonly string[];
}

export type Labels = Readonly<Record<string, string>>;
/** Does a set of labels match? */
export type LabelMatcher = (labels: Labels | undefined) => boolean;

/** A selector's text or structure that cannot be read. */
export class SelectorError extends Error {
  override readonly name = 'SelectorError';
  readonly code = 'BadSelector';
}

type Operator = 'in' | 'notin' | '=' | '!=' | 'exists' | '!' | '>' | '<';
interface Requirement {
  readonly key: string;
  readonly operator: Operator;
  readonly values: readonly string[];
}

const labelKey = /^([a-z0-9]([-a-z0-9.]*[a-z0-9])?\/)?[A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?$/;
const labelValue = /^([A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?)?$/;

/** Splits at commas that are not inside parentheses. */
function splitTerms(text: string): string[] {
  const terms: string[] = [];
  let depth = 0;
  let start = 0;
  for (let i = 0; i < text.length; i++) {
    const c = text[i];
    if (c === '(') depth++;
    else if (c === ')') depth--;
    else if (c === ',' && depth === 0) {
      terms.push(text.slice(start, i));
      start = i + 1;
    }
  }
  if (depth !== 0) throw new SelectorError(`label selector "${text}": unbalanced parentheses`);
  terms.push(text.slice(start));
  return terms.map((term) => term.trim());
}

function parseTerm(term: string, whole: string): Requirement {
  const set = /^(\S+)\s+(in|notin)\s*\(([^()]*)\)$/.exec(term);
  const relation = /^([^!=<>\s]+)\s*(==|=|!=|>|<)\s*(\S*)$/.exec(term);
  const absent = /^!\s*(\S+)$/.exec(term);
  let requirement: Requirement;
  if (set) {
    const values = (set[3] ?? '').split(',').map((value) => value.trim());
    requirement = { key: set[1] ?? '', operator: set[2] as Operator, values };
  } else if (relation) {
    const operator = relation[2] === '==' ? '=' : (relation[2] as Operator);
    requirement = { key: relation[1] ?? '', operator, values: [relation[3] ?? ''] };
  } else if (absent) {
    requirement = { key: absent[1] ?? '', operator: '!', values: [] };
  } else {
    requirement = { key: term, operator: 'exists', values: [] };
  }
  if (!labelKey.test(requirement.key)) {
    throw new SelectorError(
      `label selector "${whole}": cannot read "${term}"; allowed: key, !key, key=value, key!=value, key in (a,b), key notin (a,b), key>1, key<1`,
    );
  }
  for (const value of requirement.values) {
    if (!labelValue.test(value)) {
      throw new SelectorError(`label selector "${whole}": "${value}" is not a label value`);
    }
  }
  return requirement;
}

function compare(given: string | undefined, wanted: string, sign: 1 | -1): boolean {
  if (given === undefined || given === '') return false;
  const [a, b] = [Number(given), Number(wanted)];
  return Number.isInteger(a) && Number.isInteger(b) && (a - b) * sign > 0;
}

function meets(labels: Labels, { key, operator, values }: Requirement): boolean {
  const value = Object.hasOwn(labels, key) ? labels[key] : undefined;
  switch (operator) {
    case '=':
    case 'in':
      return value !== undefined && values.includes(value);
    case '!=':
    case 'notin':
      return value === undefined || !values.includes(value);
    case 'exists':
      return value !== undefined;
    case '!':
      return value === undefined;
    case '>':
      return compare(value, values[0] ?? '', 1);
    case '<':
      return compare(value, values[0] ?? '', -1);
  }
}

const noLabels: Labels = {};
const matcherOf =
  (requirements: readonly Requirement[]): LabelMatcher =>
  (labels = noLabels) => {
    for (const requirement of requirements) if (!meets(labels, requirement)) return false;
    return true;
  };

/** Reads a selector's text (`app=web,tier in (a,b),!canary`). An empty text matches everything. */
export function parseLabelSelector(text: string | undefined): LabelMatcher {
  if (text === undefined || text.trim() === '') return () => true;
  return matcherOf(splitTerms(text).map((term) => parseTerm(term, text)));
}

const operators: Readonly<Record<string, Operator>> = {
  In: 'in',
  NotIn: 'notin',
  Exists: 'exists',
  DoesNotExist: '!',
};

function requirementsOf(selector: LabelSelector): Requirement[] {
  const fromLabels = Object.entries(selector.matchLabels ?? {}).map(([key, value]): Requirement => ({
    key,
    operator: '=',
    values: [value],
  }));
  const fromExpressions = (selector.matchExpressions ?? []).map((expression): Requirement => {
    const operator = operators[expression.operator];
    if (operator === undefined) {
      throw new SelectorError(
        `matchExpressions.operator: "${expression.operator}"; allowed: ${Object.keys(operators).join(', ')}`,
      );
    }
    return { key: expression.key, operator, values: expression.values ?? [] };
  });
  return [...fromLabels, ...fromExpressions];
}

/** The matcher of a LabelSelector. As in Kubernetes an absent selector matches nothing and an empty one everything. */
export function labelSelectorMatcher(selector: LabelSelector | undefined): LabelMatcher {
  if (selector === undefined) return () => false;
  return matcherOf(requirementsOf(selector));
}

/** A LabelSelector as text, keys in order, as the scale subresource shows it. Absent: `''`. */
export function formatLabelSelector(selector: LabelSelector | undefined): string {
  if (selector === undefined) return '';
  return requirementsOf(selector)
    .toSorted((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0))
    .map(({ key, operator, values }) => {
      if (operator === 'exists') return key;
      if (operator === '!') return `!${key}`;
      if (operator === '=') return `${key}=${values[0]}`;
      return `${key} ${operator} (${values.toSorted().join(',')})`;
    })
    .join(',');
}
