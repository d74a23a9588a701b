import { type FormulaNode } from './ast';
import { callBuiltin } from './builtins';
import { PlacedError } from './formula-error';
import { applyOperator } from './operators';
import { type FormulaValue, goTypeOf, wrapInt } from './value';

interface Scope {
  readonly element: FormulaValue;
  readonly names: Readonly<Record<string, FormulaValue>>;
}

/** Runs a checked formula. A trigger without a value counts as 0, never as nil. */
export class Evaluator {
  private readonly variables: (readonly [name: string, value: FormulaValue])[] = [];
  private readonly scopes: Scope[] = [];

  constructor(private readonly values: Readonly<Record<string, number>>) {}

  /** The formula's value. Throws PlacedError. */
  readonly evaluate = (node: FormulaNode): FormulaValue => {
    switch (node.kind) {
      case 'nil':
        return null;
      case 'int':
      case 'float':
      case 'bool':
      case 'string':
        return node.value;
      case 'name':
        return this.name(node.name);
      case 'unary':
        return this.unary(node);
      case 'binary':
        return this.binary(node);
      case 'conditional':
        return this.evaluate(this.truth(node.test) ? node.yes : node.no);
      case 'array':
        return node.items.map(this.evaluate);
      case 'member':
        return this.member(node);
      case 'slice':
        return this.slice(node);
      case 'builtin':
        if (node.args.some((arg) => arg.kind === 'predicate') || ['sum', 'count'].includes(node.name)) {
          return this.perElement(node);
        }
        return callBuiltin(node.name, node.args.map(this.evaluate), node.at);
      case 'pointer':
        return this.pointer(node.name);
      case 'let':
        return this.declaration(node);
      case 'sequence':
        return node.nodes.map(this.evaluate).at(-1) ?? null;
      case 'predicate':
        return this.evaluate(node.body);
      case 'call':
        throw new PlacedError('a value cannot be called', node.at);
    }
  };

  private name(name: string): FormulaValue {
    const variable = this.variables.findLast(([known]) => known === name);
    return variable ? variable[1] : this.triggerValue(name);
  }

  private triggerValue(name: string): number {
    return Object.hasOwn(this.values, name) ? (this.values[name] ?? 0) : 0;
  }

  private unary(node: Extract<FormulaNode, { kind: 'unary' }>): FormulaValue {
    if (node.operator === '!' || node.operator === 'not') return !this.truth(node.operand);
    const value = this.evaluate(node.operand);
    if (node.operator === '+') return value;
    if (typeof value === 'bigint') return wrapInt(-value);
    if (typeof value === 'number') return -value;
    throw new PlacedError(`invalid operation: - ${goTypeOf(value)}`, node.at);
  }

  private truth(node: FormulaNode): boolean {
    const value = this.evaluate(node);
    if (typeof value === 'boolean') return value;
    throw new PlacedError(`interface conversion: interface {} is ${goTypeOf(value)}, not bool`, node.at);
  }

  private binary(node: Extract<FormulaNode, { kind: 'binary' }>): FormulaValue {
    switch (node.operator) {
      case '&&':
      case 'and':
        return this.truth(node.left) && this.truth(node.right);
      case '||':
      case 'or':
        return this.truth(node.left) || this.truth(node.right);
      case '??':
        return this.evaluate(node.left) ?? this.evaluate(node.right);
      default:
        return applyOperator(node.operator, this.evaluate(node.left), this.evaluate(node.right), node.at);
    }
  }

  private member(node: Extract<FormulaNode, { kind: 'member' }>): FormulaValue {
    if (node.of.kind === 'name' && node.of.name === '$env' && node.property.kind === 'string') {
      return this.triggerValue(node.property.value);
    }
    const of = this.evaluate(node.of);
    const property = this.evaluate(node.property);
    if (!Array.isArray(of) || (typeof property !== 'bigint' && typeof property !== 'number')) {
      throw new PlacedError(`cannot fetch ${String(property)} from ${goTypeOf(of)}`, node.at);
    }
    const length = of.length;
    const index = Math.trunc(Number(property));
    // Negative indexes count from the end.
    const at = index < 0 ? length + index : index;
    if (at < 0 || at >= length) {
      throw new PlacedError(`index out of range: ${at} (array length is ${length})`, node.at);
    }
    return (of as readonly FormulaValue[])[at] ?? null;
  }

  private slice(node: Extract<FormulaNode, { kind: 'slice' }>): FormulaValue {
    const of = this.evaluate(node.of);
    if (typeof of !== 'string' && !Array.isArray(of))
      throw new PlacedError(`cannot slice ${goTypeOf(of)}`, node.at);
    const list = of as string | readonly FormulaValue[];
    const bound = (part: FormulaNode | undefined, fallback: number): number => {
      const value = part ? Number(this.evaluate(part)) : fallback;
      return Math.min(Math.max(value < 0 ? list.length + value : value, 0), list.length);
    };
    const to = bound(node.to, list.length);
    return list.slice(Math.min(bound(node.from, 0), to), to);
  }

  private pointer(name: string): FormulaValue {
    const scope = this.scopes.at(-1);
    return (name === '' ? scope?.element : scope?.names[name]) ?? null;
  }

  private declaration(node: Extract<FormulaNode, { kind: 'let' }>): FormulaValue {
    this.variables.push([node.name, this.evaluate(node.value)]);
    const value = this.evaluate(node.body);
    this.variables.pop();
    return value;
  }

  private inScope(element: FormulaValue, names: Scope['names'], body: FormulaNode): FormulaValue {
    this.scopes.push({ element, names });
    const value = this.evaluate(body);
    this.scopes.pop();
    return value;
  }

  private perElement(node: Extract<FormulaNode, { kind: 'builtin' }>): FormulaValue {
    const [collection, predicate, initial] = node.args as readonly [FormulaNode, FormulaNode?, FormulaNode?];
    const value = this.evaluate(collection);
    if (!Array.isArray(value)) throw new PlacedError(`cannot iterate over ${goTypeOf(value)}`, node.at);
    const items = value as readonly FormulaValue[];
    const of = (item: FormulaValue, index: number): FormulaValue =>
      predicate ? this.inScope(item, { index: BigInt(index) }, predicate) : item;
    const holds = (item: FormulaValue, index: number): boolean => {
      const result = of(item, index);
      if (typeof result === 'boolean') return result;
      throw new PlacedError(`interface conversion: interface {} is ${goTypeOf(result)}, not bool`, node.at);
    };
    switch (node.name) {
      case 'all':
        return items.every(holds);
      case 'any':
        return items.some(holds);
      case 'none':
        return !items.some(holds);
      case 'one':
        return items.filter(holds).length === 1;
      case 'count':
        return BigInt(items.filter(holds).length);
      case 'filter':
        return items.filter(holds);
      case 'map':
        return items.map(of);
      case 'find':
        return items.find(holds) ?? null;
      case 'findLast':
        return items.findLast(holds) ?? null;
      case 'findIndex':
        return indexOrNil(items.findIndex(holds));
      case 'findLastIndex':
        return indexOrNil(items.findLastIndex(holds));
      case 'sum':
        return items.map(of).reduce((sum, item) => applyOperator('+', item, sum, node.at), 0n);
      default:
        return this.reduce(node, items, predicate, initial);
    }
  }

  private reduce(
    node: FormulaNode,
    items: readonly FormulaValue[],
    predicate: FormulaNode | undefined,
    initial: FormulaNode | undefined,
  ): FormulaValue {
    const [first = null] = items;
    if (!initial && items.length === 0) {
      throw new PlacedError('reduce of empty array with no initial value', node.at);
    }
    let acc = initial ? this.evaluate(initial) : first;
    for (let index = initial ? 0 : 1; index < items.length; index++) {
      const names = { index: BigInt(index), acc };
      acc = predicate ? this.inScope(items[index] ?? null, names, predicate) : acc;
    }
    return acc;
  }
}

const indexOrNil = (index: number): FormulaValue => (index < 0 ? null : BigInt(index));
