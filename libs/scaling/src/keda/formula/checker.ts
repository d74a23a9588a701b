import { type FormulaNode } from './ast';
import { isBuiltin, isUnsupportedBuiltin } from './builtin-names';
import { checkBuiltin } from './builtin-types';
import { checkBinary } from './operator-types';
import { PlacedError, unsupported } from './formula-error';
import {
  boolType,
  floatType,
  intType,
  isAssignable,
  isNumber,
  isUnknown,
  nilType,
  stringType,
  typeName,
  unknownType,
  type ValueType,
} from './value-type';

/** Names inside a predicate: `#` and what stands beside it. */
interface Scope {
  readonly element: ValueType;
  readonly names: Readonly<Record<string, ValueType>>;
}

/** Finds the type of a formula and refuses what cannot work, before any value is known. */
export class Checker {
  private readonly variables: (readonly [name: string, type: ValueType])[] = [];
  private readonly scopes: Scope[] = [];
  /** The first part that is valid but not implemented here; only reported when nothing else is wrong. */
  private left: PlacedError | undefined;

  constructor(private readonly triggers: ReadonlySet<string>) {}

  /** Type of the whole formula. Throws PlacedError. */
  check(node: FormulaNode): ValueType {
    const type = this.visit(node);
    if (this.left) throw this.left;
    return type;
  }

  readonly visit = (node: FormulaNode): ValueType => {
    switch (node.kind) {
      case 'nil':
        return nilType;
      case 'int':
        return intType;
      case 'float':
        return floatType;
      case 'bool':
        return boolType;
      case 'string':
        return stringType;
      case 'name':
        return this.name(node.name, node.at);
      case 'unary':
        return this.unary(node);
      case 'binary':
        return checkBinary(node, this.visit(node.left), this.visit(node.right), this.leaveOut);
      case 'conditional':
        return this.conditional(node);
      case 'array':
        return this.array(node.items);
      case 'member':
        return this.member(node);
      case 'slice':
        return this.slice(node);
      case 'builtin':
        if (isUnsupportedBuiltin(node.name)) return this.leaveOut(`${node.name}()`, node.at);
        return checkBuiltin(node, this);
      case 'call':
        return this.call(node);
      case 'predicate':
        return this.visit(node.body);
      case 'pointer':
        return this.pointer(node.name, node.at);
      case 'let':
        return this.declaration(node);
      case 'sequence':
        return node.nodes.map(this.visit).at(-1) ?? unknownType;
    }
  };

  /** Notes a part that is not implemented; its type is unknown. */
  readonly leaveOut = (what: string, at: number): ValueType => {
    this.left ??= unsupported(what, at);
    return unknownType;
  };

  /** Type of a predicate's body for the elements of a collection. */
  inScope(element: ValueType, names: Readonly<Record<string, ValueType>>, body: FormulaNode): ValueType {
    this.scopes.push({ element, names });
    try {
      return this.visit(body);
    } finally {
      this.scopes.pop();
    }
  }

  private name(name: string, at: number): ValueType {
    const variable = this.variables.findLast(([known]) => known === name);
    if (variable) return variable[1];
    if (name === '$env') return unknownType;
    if (this.triggers.has(name)) return floatType;
    if (isBuiltin(name)) return { kind: 'func' };
    throw new PlacedError(`unknown name ${name}`, at);
  }

  private unary(node: Extract<FormulaNode, { kind: 'unary' }>): ValueType {
    const type = this.visit(node.operand);
    const logical = node.operator === '!' || node.operator === 'not';
    if (logical && (type.kind === 'bool' || isUnknown(type))) return boolType;
    if (!logical && (isNumber(type) || isUnknown(type))) return type;
    throw new PlacedError(`invalid operation: ${node.operator} (mismatched type ${typeName(type)})`, node.at);
  }

  private conditional(node: Extract<FormulaNode, { kind: 'conditional' }>): ValueType {
    const test = this.visit(node.test);
    if (test.kind !== 'bool' && !isUnknown(test)) {
      throw new PlacedError(`non-bool expression (type ${typeName(test)}) used as condition`, node.test.at);
    }
    const yes = this.visit(node.yes);
    const no = this.visit(node.no);
    if (yes.kind === 'nil') return no;
    if (no.kind === 'nil') return yes;
    return isAssignable(yes, no) ? yes : unknownType;
  }

  private array(items: readonly FormulaNode[]): ValueType {
    const types = items.map(this.visit);
    const [first] = types;
    const alike = first !== undefined && types.every((type) => type.kind === first.kind);
    return { kind: 'array', element: alike ? first : unknownType };
  }

  private member(node: Extract<FormulaNode, { kind: 'member' }>): ValueType {
    if (node.of.kind === 'name' && node.of.name === '$env' && node.property.kind === 'string') {
      if (this.triggers.has(node.property.value)) return floatType;
      throw new PlacedError(`unknown name ${node.property.value}`, node.at);
    }
    const of = this.visit(node.of);
    const property = this.visit(node.property);
    if (isUnknown(of)) return unknownType;
    if (of.kind === 'time') return this.leaveOut('a date', node.at);
    if (of.kind === 'array') {
      if (property.kind === 'int' || isUnknown(property)) return of.element;
      const got = typeName(property);
      throw new PlacedError(
        `array elements can only be selected using an integer (got ${got})`,
        node.property.at,
      );
    }
    const name = node.property.kind === 'string' ? node.property.value : undefined;
    if (name !== undefined && of.kind === 'nil')
      throw new PlacedError(`type nil has no field ${name}`, node.at);
    throw new PlacedError(
      name === undefined
        ? `type ${typeName(of)}[${typeName(property)}] is undefined`
        : `type ${typeName(of)} has no ${node.method ? 'method' : 'field'} ${name}`,
      node.at,
    );
  }

  private slice(node: Extract<FormulaNode, { kind: 'slice' }>): ValueType {
    const of = this.visit(node.of);
    if (isUnknown(of)) return unknownType;
    if (of.kind !== 'array' && of.kind !== 'string')
      throw new PlacedError(`cannot slice ${typeName(of)}`, node.at);
    for (const bound of [node.from, node.to]) {
      const type = bound ? this.visit(bound) : intType;
      if (bound && type.kind !== 'int' && !isUnknown(type)) {
        throw new PlacedError(`non-integer slice index ${typeName(type)}`, bound.at);
      }
    }
    return of;
  }

  private call(node: Extract<FormulaNode, { kind: 'call' }>): ValueType {
    const callee = this.visit(node.callee);
    if (isUnknown(callee)) return this.leaveOut('calling a value', node.at);
    throw new PlacedError(`${typeName(callee)} is not callable`, node.at);
  }

  private pointer(name: string, at: number): ValueType {
    const scope = this.scopes.at(-1);
    if (!scope) throw new PlacedError('cannot use pointer accessor outside predicate', at);
    if (name === '') return scope.element;
    const type = Object.hasOwn(scope.names, name) ? scope.names[name] : undefined;
    if (!type) throw new PlacedError(`unknown pointer #${name}`, at);
    return type;
  }

  private declaration(node: Extract<FormulaNode, { kind: 'let' }>): ValueType {
    if (this.triggers.has(node.name)) throw new PlacedError(`cannot redeclare ${node.name}`, node.at);
    if (isBuiltin(node.name)) throw new PlacedError(`cannot redeclare builtin ${node.name}`, node.at);
    if (this.variables.some(([known]) => known === node.name)) {
      throw new PlacedError(`cannot redeclare variable ${node.name}`, node.at);
    }
    this.variables.push([node.name, this.visit(node.value)]);
    const type = this.visit(node.body);
    this.variables.pop();
    return type;
  }
}
