type Parameter = 'value' | 'predicate' | 'value?' | 'predicate?';

const perElement: readonly Parameter[] = ['value', 'predicate'];
const predicates: Readonly<Record<string, readonly Parameter[]>> = {
  all: perElement,
  none: perElement,
  any: perElement,
  one: perElement,
  filter: perElement,
  map: perElement,
  find: perElement,
  findIndex: perElement,
  findLast: perElement,
  findLastIndex: perElement,
  groupBy: perElement,
  count: ['value', 'predicate?'],
  sum: ['value', 'predicate?'],
  sortBy: ['value', 'predicate', 'value?'],
  reduce: ['value', 'predicate', 'value?'],
};

/** Builtins this evaluator knows beside those with a predicate. */
export const plainBuiltins = [
  'len',
  'abs',
  'ceil',
  'floor',
  'round',
  'int',
  'float',
  'max',
  'min',
  'mean',
  'median',
  'first',
  'last',
  'now',
] as const;

/** Builtins of the formula language that are left out here; a formula that uses one is refused by name. */
const otherBuiltins = [
  'type',
  'string',
  'trim',
  'trimPrefix',
  'trimSuffix',
  'upper',
  'lower',
  'split',
  'splitAfter',
  'replace',
  'repeat',
  'join',
  'indexOf',
  'lastIndexOf',
  'hasPrefix',
  'hasSuffix',
  'toJSON',
  'fromJSON',
  'toBase64',
  'fromBase64',
  'duration',
  'date',
  'timezone',
  'get',
  'take',
  'keys',
  'values',
  'toPairs',
  'fromPairs',
  'reverse',
  'uniq',
  'concat',
  'flatten',
  'sort',
  'bitand',
  'bitor',
  'bitxor',
  'bitnand',
  'bitnot',
  'bitshl',
  'bitshr',
  'bitushr',
] as const;

const names = new Set<string>([...plainBuiltins, ...otherBuiltins, ...Object.keys(predicates)]);
const left = new Set<string>([...otherBuiltins, 'groupBy', 'sortBy']);

export const isBuiltin = (name: string): boolean => names.has(name);
export const isUnsupportedBuiltin = (name: string): boolean => left.has(name);

/** Parameters of a builtin that takes a predicate, undefined for all others. */
export const predicateShape = (name: string): readonly Parameter[] | undefined =>
  Object.hasOwn(predicates, name) ? predicates[name] : undefined;
