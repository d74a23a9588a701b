import { type FormulaNode } from './ast';
import { isBuiltin, predicateShape } from './builtin-names';
import { PlacedError, unsupported } from './formula-error';
import { binaryPrecedence, comparisons, negatable, unaryPrecedence } from './precedence';
import { readNumber } from './number-literal';
import { lexFormula, type Token } from './lexer';
import { TokenCursor } from './token-cursor';

/** Parses a formula. Names in `overrides` (the triggers) hide builtins of the same name. Throws PlacedError. */
export function parseFormula(source: string, overrides: ReadonlySet<string>): FormulaNode {
  return new Parser(lexFormula(source), overrides).parse();
}

class Parser extends TokenCursor {
  private predicateDepth = 0;

  constructor(
    tokens: readonly Token[],
    private readonly overrides: ReadonlySet<string>,
  ) {
    super(tokens);
  }

  parse(): FormulaNode {
    const node = this.sequence();
    if (this.current.kind !== 'EOF') this.unexpected();
    return node;
  }

  private sequence(): FormulaNode {
    const first = this.expression(0);
    const nodes = [first];
    while (this.accept('Operator', ';')) {
      if (this.current.kind === 'EOF') break;
      nodes.push(this.expression(0));
    }
    return nodes.length === 1 ? first : { kind: 'sequence', nodes, at: first.at };
  }

  private expression(precedence: number): FormulaNode {
    if (precedence === 0 && this.is('Operator', 'let')) return this.declaration();
    if (precedence === 0 && this.is('Operator', 'if')) return this.ifElse();
    let left = this.primary();
    let previous = '';
    while (this.current.kind === 'Operator') {
      const negated = this.negation(precedence);
      if (negated === 'stop') break;
      const operator = this.current;
      const own = binaryPrecedence[operator.value];
      if (own === undefined || own < precedence) break;
      this.take();
      if (operator.value === '|') left = this.call(this.expect('Identifier'), [left]);
      else if (previous === '??' && operator.value !== '??') {
        throw new PlacedError(
          `Operator (${operator.value}) and coalesce expressions (??) cannot be mixed. Wrap either by parentheses.`,
          operator.at,
        );
      } else if (comparisons.includes(operator.value)) left = this.comparison(left, operator, own);
      else left = this.binary(left, operator, own, negated);
      previous = operator.value;
    }
    return precedence === 0 ? this.conditional(left) : left;
  }

  /** "not in" and the like: moves onto the operator behind "not". */
  private negation(precedence: number): boolean | 'stop' {
    if (!this.is('Operator', 'not')) return false;
    const { following } = this;
    if (!negatable.includes(following.value)) this.unexpected(following);
    if ((binaryPrecedence[following.value] ?? 0) < precedence) return 'stop';
    this.take();
    return true;
  }

  private binary(left: FormulaNode, operator: Token, precedence: number, negated: boolean): FormulaNode {
    const rightAssociative = operator.value === '**' || operator.value === '^';
    const right = this.expression(rightAssociative ? precedence : precedence + 1);
    const node: FormulaNode = { kind: 'binary', operator: operator.value, left, right, at: operator.at };
    return negated ? { kind: 'unary', operator: 'not', operand: node, at: operator.at } : node;
  }

  /** a < b < c means a < b and b < c. */
  private comparison(first: FormulaNode, firstOperator: Token, precedence: number): FormulaNode {
    let left = first;
    let operator = firstOperator;
    let root: FormulaNode | undefined;
    for (;;) {
      const right = this.expression(precedence + 1);
      const node: FormulaNode = { kind: 'binary', operator: operator.value, left, right, at: operator.at };
      root = root ? { kind: 'binary', operator: '&&', left: root, right: node, at: operator.at } : node;
      if (this.current.kind !== 'Operator' || !comparisons.includes(this.current.value)) return root;
      left = right;
      operator = this.take();
    }
  }

  private declaration(): FormulaNode {
    this.take();
    const name = this.expect('Identifier');
    this.expect('Operator', '=');
    const value = this.expression(0);
    this.expect('Operator', ';');
    return { kind: 'let', name: name.value, value, body: this.sequence(), at: name.at };
  }

  private ifElse(): FormulaNode {
    const { at } = this.take();
    const test = this.expression(0);
    const yes = this.block();
    this.expect('Operator', 'else');
    const no = this.is('Operator', 'if') ? this.ifElse() : this.block();
    return { kind: 'conditional', test, yes, no, at };
  }

  private block(): FormulaNode {
    this.expect('Bracket', '{');
    const node = this.sequence();
    this.expect('Bracket', '}');
    return node;
  }

  private conditional(test: FormulaNode): FormulaNode {
    let node = test;
    while (this.accept('Operator', '?')) {
      let yes = node;
      if (!this.accept('Operator', ':')) {
        yes = this.expression(0);
        this.expect('Operator', ':');
      }
      node = { kind: 'conditional', test: node, yes, no: this.expression(0), at: this.current.at };
    }
    return node;
  }

  private primary(): FormulaNode {
    const token = this.current;
    const precedence = token.kind === 'Operator' ? unaryPrecedence[token.value] : undefined;
    if (precedence !== undefined) {
      this.take();
      const operand = this.expression(precedence);
      return this.postfix({ kind: 'unary', operator: token.value, operand, at: token.at });
    }
    if (this.accept('Bracket', '(')) {
      const node = this.sequence();
      this.expect('Bracket', ')');
      return this.postfix(node);
    }
    if (
      this.predicateDepth > 0 &&
      token.kind === 'Operator' &&
      (token.value === '#' || token.value === '.')
    ) {
      return this.postfix(this.pointer(token));
    }
    if (this.accept('Operator', '::')) return this.postfix(this.call(this.expect('Identifier'), [], false));
    return this.secondary(token);
  }

  private pointer(token: Token): FormulaNode {
    let name = '';
    if (token.value === '#') {
      this.take();
      const following = this.current;
      if (following.kind === 'Identifier' && following.at === token.at + 1) name = this.take().value;
    }
    return { kind: 'pointer', name, at: token.at };
  }

  private secondary(token: Token): FormulaNode {
    const { at, value } = token;
    switch (token.kind) {
      case 'Identifier':
        this.take();
        if (value === 'true' || value === 'false') return { kind: 'bool', value: value === 'true', at };
        if (value === 'nil') return { kind: 'nil', at };
        return this.postfix(
          this.is('Bracket', '(') ? this.call(token, []) : { kind: 'name', name: value, at },
        );
      case 'Number':
        this.take();
        return readNumber(token, this.current.at);
      case 'String':
        this.take();
        return this.postfix({ kind: 'string', value, at });
      default:
        if (this.is('Bracket', '[')) return this.postfix(this.array(at));
        if (this.is('Bracket', '{')) throw unsupported('a map literal', at);
        return this.unexpected();
    }
  }

  private array(at: number): FormulaNode {
    this.take();
    return { kind: 'array', items: this.list(']'), at };
  }

  /** Comma-separated expressions up to the bracket; a comma before it is allowed. */
  private list(close: string): FormulaNode[] {
    const items: FormulaNode[] = [];
    while (!this.is('Bracket', close)) {
      if (items.length > 0) {
        this.expect('Operator', ',');
        if (this.is('Bracket', close)) break;
      }
      items.push(this.expression(0));
    }
    this.expect('Bracket', close);
    return items;
  }

  /** A call; `piped` holds the left side of "|" as first argument. */
  private call(token: Token, piped: readonly FormulaNode[], overridable = true): FormulaNode {
    const { value: name, at } = token;
    const overridden = overridable && this.overrides.has(name);
    const shape = overridden ? undefined : predicateShape(name);
    if (shape) return this.predicateCall(token, shape, piped);
    this.expect('Bracket', '(');
    const args = [...piped, ...this.list(')')];
    if (!overridden && isBuiltin(name)) return { kind: 'builtin', name, args, at };
    return { kind: 'call', callee: { kind: 'name', name, at }, args, at };
  }

  private predicateCall(
    token: Token,
    shape: readonly ('value' | 'predicate' | 'value?' | 'predicate?')[],
    piped: readonly FormulaNode[],
  ): FormulaNode {
    this.expect('Bracket', '(');
    const args = [...piped];
    for (const [i, parameter] of shape.slice(piped.length).entries()) {
      if (this.is('Bracket', ')')) {
        if (parameter.endsWith('?')) break;
        throw new PlacedError(`expected at least ${shape.length - piped.length} arguments`, this.current.at);
      }
      if (i > 0) this.expect('Operator', ',');
      args.push(parameter.startsWith('predicate') ? this.predicate() : this.expression(0));
    }
    this.accept('Operator', ',');
    this.expect('Bracket', ')');
    return { kind: 'builtin', name: token.value, args, at: token.at };
  }

  private predicate(): FormulaNode {
    const { at } = this.current;
    this.predicateDepth++;
    const body = this.is('Bracket', '{') ? this.block() : this.expression(0);
    this.predicateDepth--;
    if (this.is('Operator', ';'))
      throw new PlacedError('wrap predicate with brackets { and }', this.current.at);
    return { kind: 'predicate', body, at };
  }

  private postfix(node: FormulaNode): FormulaNode {
    let result = node;
    for (;;) {
      const { at } = this.current;
      if (this.is('Operator', '?.')) throw unsupported('optional chaining (?.)', at);
      if (this.accept('Operator', '.')) {
        const name = this.take();
        if (!/^[\p{L}_$]/u.test(name.value)) throw new PlacedError('expected name', this.current.at);
        const property: FormulaNode = { kind: 'string', value: name.value, at: name.at };
        const method = this.is('Bracket', '(');
        const member: FormulaNode = { kind: 'member', of: result, property, method, at: name.at };
        result = method ? this.methodCall(member) : member;
      } else if (this.accept('Bracket', '[')) result = this.indexOrSlice(result, at);
      else return result;
    }
  }

  private methodCall(callee: FormulaNode): FormulaNode {
    this.expect('Bracket', '(');
    return { kind: 'call', callee, args: this.list(')'), at: callee.at };
  }

  private indexOrSlice(of: FormulaNode, at: number): FormulaNode {
    const from = this.is('Operator', ':') ? undefined : this.expression(0);
    if (from && !this.is('Operator', ':')) {
      this.expect('Bracket', ']');
      return { kind: 'member', of, property: from, method: false, at };
    }
    this.expect('Operator', ':');
    const to = this.is('Bracket', ']') ? undefined : this.expression(0);
    this.expect('Bracket', ']');
    return { kind: 'slice', of, ...(from ? { from } : {}), ...(to ? { to } : {}), at };
  }
}
