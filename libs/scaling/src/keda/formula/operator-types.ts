import { type FormulaNode } from './ast';
import { PlacedError } from './formula-error';
import {
  boolType,
  elementOf,
  floatType,
  intType,
  isAssignable,
  isComparable,
  isNumber,
  isUnknown,
  mayBe,
  nilType,
  stringType,
  typeName,
  unknownType,
  type ValueType,
} from './value-type';

type BinaryNode = Extract<FormulaNode, { kind: 'binary' }>;
type LeaveOut = (what: string, at: number) => ValueType;

/** Type of `left operator right`. Throws PlacedError when the two do not go together. */
export function checkBinary(
  node: BinaryNode,
  left: ValueType,
  right: ValueType,
  leaveOut: LeaveOut,
): ValueType {
  const type = typeOf(node, left, right, leaveOut);
  if (type) return type;
  throw new PlacedError(
    `invalid operation: ${node.operator} (mismatched types ${typeName(left)} and ${typeName(right)})`,
    node.at,
  );
}

function typeOf(
  node: BinaryNode,
  left: ValueType,
  right: ValueType,
  leaveOut: LeaveOut,
): ValueType | undefined {
  const both = (kind: ValueType['kind']): boolean => left.kind === kind && right.kind === kind;
  const numbers = isNumber(left) && isNumber(right);
  switch (node.operator) {
    case '==':
    case '!=':
      return isComparable(left, right) ? boolType : undefined;
    case 'or':
    case '||':
    case 'and':
    case '&&':
      return both('bool') || mayBe(left, right, 'bool') ? boolType : undefined;
    case '<':
    case '>':
    case '>=':
    case '<=':
      if (both('time')) return leaveOut('comparing dates', node.at);
      return numbers || both('string') || mayBe(left, right, 'int', 'float', 'string', 'time')
        ? boolType
        : undefined;
    case '-':
    case '*':
      if (node.operator === '-' && both('time')) return leaveOut('subtracting dates', node.at);
      if (numbers) return both('int') ? intType : floatType;
      return mayBe(left, right, 'int', 'float', 'time') ? unknownType : undefined;
    case '+':
      if (numbers) return both('int') ? intType : floatType;
      if (both('string')) return stringType;
      return mayBe(left, right, 'int', 'float', 'string', 'time') ? unknownType : undefined;
    case '/':
    case '**':
    case '^':
      return numbers || mayBe(left, right, 'int', 'float') ? floatType : undefined;
    case '%':
      return both('int') || mayBe(left, right, 'int') ? intType : undefined;
    case '..':
      return both('int') || mayBe(left, right, 'int') ? { kind: 'array', element: intType } : undefined;
    case 'in':
      return typeOfIn(node, left, right);
    case 'matches':
      if (both('string') || mayBe(left, right, 'string')) return leaveOut('matches', node.at);
      return undefined;
    case 'contains':
    case 'startsWith':
    case 'endsWith':
      return both('string') || mayBe(left, right, 'string') ? boolType : undefined;
    case '??':
      return typeOfCoalesce(left, right);
    default:
      throw new PlacedError(`unknown operator (${node.operator})`, node.at);
  }
}

function typeOfIn(node: BinaryNode, left: ValueType, right: ValueType): ValueType | undefined {
  if (right.kind === 'array') {
    const element = elementOf(right);
    if (isComparable(left, element)) return boolType;
    throw new PlacedError(`cannot use ${typeName(left)} as type ${typeName(element)} in array`, node.at);
  }
  return isUnknown(right) || (isUnknown(left) && right.kind === 'string') ? boolType : undefined;
}

function typeOfCoalesce(left: ValueType, right: ValueType): ValueType {
  if (left.kind === 'nil') return right.kind === 'nil' ? nilType : right;
  if (right.kind === 'nil') return left;
  return isAssignable(right, left) ? left : unknownType;
}
