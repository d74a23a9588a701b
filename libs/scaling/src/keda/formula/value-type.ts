/** Static type of a part of a formula. `unknown` is only settled when it runs. */
export type ValueType =
  | { readonly kind: 'int' | 'float' | 'bool' | 'string' | 'time' | 'nil' | 'func' | 'unknown' }
  | { readonly kind: 'array'; readonly element: ValueType };

export const unknownType: ValueType = { kind: 'unknown' };
export const intType: ValueType = { kind: 'int' };
export const floatType: ValueType = { kind: 'float' };
export const boolType: ValueType = { kind: 'bool' };
export const stringType: ValueType = { kind: 'string' };
export const nilType: ValueType = { kind: 'nil' };

const goNames: Readonly<Record<ValueType['kind'], string>> = {
  int: 'int',
  float: 'float64',
  bool: 'bool',
  string: 'string',
  time: 'time.Time',
  nil: 'unknown',
  func: 'func',
  unknown: 'unknown',
  array: '[]interface {}',
};

/** The type as the compiler's errors name it. */
export const typeName = (type: ValueType): string => goNames[type.kind];

export const isUnknown = (type: ValueType): boolean => type.kind === 'unknown';
export const isNumber = (type: ValueType): boolean => type.kind === 'int' || type.kind === 'float';
export const elementOf = (type: ValueType): ValueType => (type.kind === 'array' ? type.element : unknownType);

export const isAssignable = (from: ValueType, to: ValueType): boolean =>
  from.kind === 'nil' ? to.kind === 'array' : from.kind === to.kind && !isUnknown(from);

export const isComparable = (a: ValueType, b: ValueType): boolean =>
  [a.kind, b.kind].some((kind) => kind === 'unknown' || kind === 'nil') ||
  (isNumber(a) && isNumber(b)) ||
  isAssignable(a, b);

/** Whether two types, at least one of them unknown, may turn out to be of these kinds. */
export const mayBe = (a: ValueType, b: ValueType, ...kinds: readonly ValueType['kind'][]): boolean =>
  (isUnknown(a) && (isUnknown(b) || kinds.includes(b.kind))) || (isUnknown(b) && kinds.includes(a.kind));
