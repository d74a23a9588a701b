import type { SyntaxNode } from '@lezer/common';
import { parser } from '@prometheus-io/lezer-promql';
import {
  isComparison,
  isSetOperator,
  typeOf,
  type AggregateOperator,
  type ArithmeticOperator,
  type ComparisonOperator,
  type Expression,
  type Matching,
  type SetOperator,
  type ValueType,
} from './expression';
import { functions } from './functions';
import { PromqlError } from './promql-error';
import { SelectorReader } from './selector-reader';
import { children } from './syntax-reader';

/**
 * Takes a query apart.
 * @throws PromqlError: Syntax, Unsupported (named) or Type
 */
export function parseQuery(text: string): Expression {
  const tree = parser.parse(text);
  tree.iterate({
    enter(node) {
      if (node.type.isError) {
        const found = text.slice(node.from, node.from + 20) || 'the end';
        throw new PromqlError(
          'Syntax',
          `cannot be read as PromQL before ${JSON.stringify(found)}`,
          node.from,
        );
      }
    },
  });
  const root = tree.topNode.firstChild;
  if (!root) throw new PromqlError('Syntax', 'the query is empty', 0);
  return new ExpressionReader(text).expression(root);
}

const arithmetic: Readonly<Record<string, ArithmeticOperator | ComparisonOperator | SetOperator>> = {
  Add: '+',
  Sub: '-',
  Mul: '*',
  Div: '/',
  Mod: '%',
  Pow: '^',
  Eql: '==',
  Neq: '!=',
  Gtr: '>',
  Lss: '<',
  Gte: '>=',
  Lte: '<=',
  And: 'and',
  Or: 'or',
  Unless: 'unless',
};

const carriesOffset: readonly string[] = ['BinaryExpr', 'MatrixSelector', 'UnaryExpr', 'VectorSelector'];

const aggregates: readonly string[] = ['sum', 'avg', 'min', 'max', 'count'];

function isAggregate(word: string): word is AggregateOperator {
  return aggregates.includes(word);
}

class ExpressionReader extends SelectorReader {
  /**
   * @param offsetMs of an offset that stands behind `node`: the grammar takes it to belong to a whole `a + b`, while it belongs
   *   to the last selector alone
   */
  expression(node: SyntaxNode, offsetMs?: number): Expression {
    if (offsetMs !== undefined && !carriesOffset.includes(node.name)) {
      throw new PromqlError('Type', 'an offset is only allowed once, on a selector', node.from);
    }
    switch (node.name) {
      case 'NumberDurationLiteral':
        return { kind: 'number', value: this.number(node) };
      case 'StringLiteral':
        return { kind: 'string', value: this.string(node) };
      case 'ParenExpr':
        return this.expression(this.only(node));
      case 'VectorSelector':
        return this.selector(node, offsetMs);
      case 'MatrixSelector':
        return this.range(node, offsetMs);
      case 'OffsetExpr':
        return this.expression(this.only(node), this.offsetMs(node.getChild('OffsetDurationExpr'), node));
      case 'UnaryExpr':
        return this.unary(node, offsetMs);
      case 'BinaryExpr':
        return this.binary(node, offsetMs);
      case 'AggregateExpr':
        return this.aggregate(node);
      case 'FunctionCall':
        return this.call(node);
      case 'SubqueryExpr':
        throw this.unsupported('subqueries', node);
      case 'StepInvariantExpr':
        throw this.unsupported('the @ modifier', node);
      default:
        throw this.unsupported(`${node.name} (${this.source(node)})`, node);
    }
  }

  private unary(node: SyntaxNode, offsetMs?: number): Expression {
    const [operator, inner] = children(node);
    if (!operator || !inner)
      throw new PromqlError('Syntax', `${this.source(node)} cannot be read`, node.from);
    const operand = this.expression(inner, offsetMs);
    const type = typeOf(operand);
    if (type !== 'scalar' && type !== 'vector')
      throw new PromqlError('Type', `a sign is only allowed on a scalar or vector, got a ${type}`, node.from);
    return this.source(operator) === '-' ? { kind: 'negate', operand } : operand;
  }

  private binary(node: SyntaxNode, offsetMs?: number): Expression {
    const parts = children(node);
    const operatorNode = parts.find((part) => arithmetic[part.name] !== undefined);
    const first = parts[0];
    const last = parts[parts.length - 1];
    const operator = operatorNode ? arithmetic[operatorNode.name] : undefined;
    if (!operator || !first || !last) {
      const word = parts[1] ? this.source(parts[1]) : this.source(node);
      throw this.unsupported(`the operator ${word}`, parts[1] ?? node);
    }
    // The grammar takes a sign into the number, but a power binds tighter than a sign.
    if (operator === '^' && first.name === 'NumberDurationLiteral' && this.source(first).startsWith('-')) {
      const left: Expression = { kind: 'number', value: -this.number(first) };
      const right = this.expression(last, offsetMs);
      return {
        kind: 'negate',
        operand: { kind: 'binary', operator, left, right, bool: false, matching: this.matching(node) },
      };
    }
    const left = this.expression(first);
    const right = this.expression(last, offsetMs);
    const bool = node.getChild('BoolModifier') !== null;
    this.checkBinary(operator, typeOf(left), typeOf(right), bool, node);
    return { kind: 'binary', operator, left, right, bool, matching: this.matching(node) };
  }

  private checkBinary(
    operator: string,
    left: ValueType,
    right: ValueType,
    bool: boolean,
    node: SyntaxNode,
  ): void {
    for (const type of [left, right]) {
      if (type !== 'scalar' && type !== 'vector') {
        throw new PromqlError('Type', `${operator} takes scalars and vectors, got a ${type}`, node.from);
      }
    }
    if (bool && !isComparison(operator))
      throw new PromqlError('Syntax', 'bool is only allowed on a comparison', node.from);
    if (isComparison(operator) && !bool && left === 'scalar' && right === 'scalar') {
      throw new PromqlError('Type', 'a comparison between scalars must use bool', node.from);
    }
    if (isSetOperator(operator) && (left === 'scalar' || right === 'scalar')) {
      throw new PromqlError('Type', `${operator} takes two vectors, got a ${left} and a ${right}`, node.from);
    }
    if (node.getChild('MatchingModifierClause') && (left === 'scalar' || right === 'scalar')) {
      throw new PromqlError('Type', 'on and ignoring are only allowed between vectors', node.from);
    }
  }

  private matching(node: SyntaxNode): Matching {
    const clause = node.getChild('MatchingModifierClause');
    if (!clause) return { on: false, labels: [] };
    for (const child of children(clause)) {
      if (child.name === 'GroupLeft' || child.name === 'GroupRight' || child.name.startsWith('Fill')) {
        throw this.unsupported(this.source(child), child);
      }
    }
    return { on: clause.getChild('On') !== null, labels: this.labels(clause) };
  }

  private aggregate(node: SyntaxNode): Expression {
    const operatorNode = node.getChild('AggregateOp');
    const operator = operatorNode ? this.source(operatorNode).toLowerCase() : '';
    if (!isAggregate(operator)) throw this.unsupported(`the aggregation ${operator}`, node);
    const args = children(node.getChild('FunctionCallBody') ?? node);
    const [argument] = args;
    if (!argument || args.length !== 1)
      throw new PromqlError(
        'Syntax',
        `${operator} takes one vector, got ${args.length} arguments`,
        node.from,
      );
    const operand = this.expression(argument);
    if (typeOf(operand) !== 'vector')
      throw new PromqlError('Type', `${operator} takes a vector, got a ${typeOf(operand)}`, argument.from);
    const modifier = node.getChild('AggregateModifier');
    const grouping = modifier?.getChild('Without') ? 'without' : 'by';
    return { kind: 'aggregate', operator, operand, grouping, labels: modifier ? this.labels(modifier) : [] };
  }

  private call(node: SyntaxNode): Expression {
    const identifier = node.getChild('FunctionIdentifier');
    const name = identifier ? this.source(identifier) : '';
    const shape = Object.hasOwn(functions, name) ? functions[name] : undefined;
    if (!shape) throw this.unsupported(`the function ${name}`, node);
    const body = node.getChild('FunctionCallBody');
    const args = body ? children(body).map((child) => this.expression(child)) : [];
    if (args.length !== shape.args.length) {
      throw new PromqlError(
        'Syntax',
        `${name} takes ${shape.args.length} arguments, got ${args.length}`,
        node.from,
      );
    }
    args.forEach((arg, i) => {
      const wanted = shape.args[i];
      if (typeOf(arg) !== wanted)
        throw new PromqlError(
          'Type',
          `argument ${i + 1} of ${name} must be a ${wanted}, got a ${typeOf(arg)}`,
          node.from,
        );
    });
    return { kind: 'call', name, args, type: shape.returns };
  }
}
