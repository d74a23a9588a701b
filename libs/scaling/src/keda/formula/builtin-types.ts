import { type FormulaNode } from './ast';
import { type Checker } from './checker';
import { PlacedError } from './formula-error';
import {
  boolType,
  elementOf,
  floatType,
  intType,
  isNumber,
  isUnknown,
  typeName,
  unknownType,
  type ValueType,
} from './value-type';

type BuiltinNode = Extract<FormulaNode, { kind: 'builtin' }>;

/** Type of a call of a builtin. Throws PlacedError when the arguments do not fit. */
export function checkBuiltin(node: BuiltinNode, checker: Checker): ValueType {
  const { name, args } = node;
  if (args.some((arg) => arg.kind === 'predicate') || ['sum', 'count'].includes(name)) {
    return checkPerElement(node, checker);
  }
  const types = args.map(checker.visit);
  if (['max', 'min', 'mean', 'median'].includes(name)) return checkAggregate(node, types);
  if (name === 'now') {
    if (args.length === 0) return { kind: 'time' };
    throw new PlacedError(`invalid number of arguments (expected 0, got ${args.length})`, node.at);
  }
  const [type] = types;
  if (type === undefined || args.length !== 1) {
    throw new PlacedError(`invalid number of arguments (expected 1, got ${args.length})`, node.at);
  }
  return checkSingle(node, type);
}

const goType = (type: ValueType): string => (type.kind === 'nil' ? '%!s(<nil>)' : typeName(type));

function checkSingle({ name, at }: BuiltinNode, type: ValueType): ValueType {
  const refuse = (): never => {
    throw new PlacedError(`invalid argument for ${name} (type ${goType(type)})`, at);
  };
  switch (name) {
    case 'len':
      return ['array', 'string', 'unknown'].includes(type.kind) ? intType : refuse();
    case 'abs':
      return isNumber(type) || isUnknown(type) ? type : refuse();
    case 'ceil':
    case 'floor':
    case 'round':
      return isNumber(type) || isUnknown(type) ? floatType : refuse();
    case 'int':
      return isNumber(type) || isUnknown(type) || type.kind === 'string' ? intType : refuse();
    case 'float':
      return isNumber(type) || isUnknown(type) || type.kind === 'string' ? floatType : refuse();
    default:
      // first, last
      if (type.kind === 'array' || isUnknown(type)) return unknownType;
      throw new PlacedError(`cannot get ${name} element from ${goType(type)}`, at);
  }
}

function checkAggregate({ name, at }: BuiltinNode, types: readonly ValueType[]): ValueType {
  const [first] = types;
  if (!first) throw new PlacedError(`not enough arguments to call ${name}`, at);
  for (const type of types) {
    if (type.kind === 'array' || isUnknown(type)) return unknownType;
    if (!isNumber(type)) throw new PlacedError(`invalid argument for ${name} (type ${goType(type)})`, at);
  }
  return first;
}

function checkPerElement({ name, args }: BuiltinNode, checker: Checker): ValueType {
  const [collection, predicate, initial] = args as readonly [FormulaNode, FormulaNode?, FormulaNode?];
  const type = checker.visit(collection);
  if (type.kind !== 'array' && !isUnknown(type)) {
    throw new PlacedError(`builtin ${name} takes only array (got ${typeName(type)})`, collection.at);
  }
  const element = elementOf(type);
  if (!predicate) return name === 'count' ? intType : element;
  const names: Record<string, ValueType> = {};
  if (name === 'map' || name === 'reduce') names.index = intType;
  if (name === 'reduce') names.acc = unknownType;
  const result = checker.inScope(element, names, predicate);
  if (initial) checker.visit(initial);
  if (result.kind === 'nil') {
    throw new PlacedError('predicate should has one input and one output param', predicate.at);
  }
  if (name === 'map') return { kind: 'array', element: result };
  if (name === 'sum' || name === 'reduce') return result;
  if (result.kind !== 'bool' && !isUnknown(result)) {
    throw new PlacedError(`predicate should return boolean (got ${typeName(result)})`, predicate.at);
  }
  if (name === 'filter') return { kind: 'array', element };
  if (name === 'find' || name === 'findLast') return element;
  return ['count', 'findIndex', 'findLastIndex'].includes(name) ? intType : boolType;
}
