import type { SyntaxNode } from '@lezer/common';
import { parseNumber } from '../number-text';
import { parseDuration, parseStringLiteral } from './literals';
import { PromqlError } from './promql-error';

export function children(node: SyntaxNode): SyntaxNode[] {
  const found: SyntaxNode[] = [];
  for (let child = node.firstChild; child; child = child.nextSibling) found.push(child);
  return found;
}

/** Reads the smallest parts of a query's syntax tree: numbers, strings, durations, lists of labels. */
export class SyntaxReader {
  constructor(private readonly text: string) {}

  protected source(node: SyntaxNode): string {
    return this.text.slice(node.from, node.to);
  }

  protected unsupported(what: string, node: SyntaxNode): PromqlError {
    return new PromqlError(
      'Unsupported',
      `${what} is not supported`.replace(/^subqueries is/, 'a subquery is'),
      node.from,
    );
  }

  protected only(node: SyntaxNode): SyntaxNode {
    const child = node.firstChild;
    if (!child) throw new PromqlError('Syntax', `nothing inside ${this.source(node)}`, node.from);
    return child;
  }

  protected number(node: SyntaxNode): number {
    const text = this.source(node).replace(/\s/g, '');
    const value = parseNumber(text);
    if (value !== undefined) return value;
    const duration = parseDuration(text.replace(/^[+-]/, ''));
    if (duration === undefined) throw new PromqlError('Syntax', `${text} is no number`, node.from);
    return (text.startsWith('-') ? -duration : duration) / 1000;
  }

  protected string(node: SyntaxNode): string {
    return parseStringLiteral(this.source(node), node.from);
  }

  protected durationMs(node: SyntaxNode | null, owner: SyntaxNode): number {
    const literal = node?.firstChild;
    if (!literal || literal.name !== 'NumberDurationLiteralInDurationContext' || literal.nextSibling) {
      throw this.unsupported(`the duration expression ${node ? this.source(node) : ''}`, node ?? owner);
    }
    const value = parseDuration(this.source(literal));
    if (value === undefined)
      throw new PromqlError('Syntax', `${this.source(literal)} is no duration`, literal.from);
    return value;
  }

  protected offsetMs(node: SyntaxNode | null, owner: SyntaxNode): number {
    const first = node?.firstChild;
    if (first?.name === 'UnaryOp') {
      const value = this.offsetMs(node?.getChild('OffsetDurationExpr') ?? null, owner);
      return this.source(first) === '-' ? -value : value;
    }
    return this.durationMs(node, owner);
  }

  protected labels(owner: SyntaxNode): string[] {
    const list = owner.getChild('GroupingLabels');
    return list
      ? children(list).map((n) => (n.name === 'QuotedLabelName' ? this.string(this.only(n)) : this.source(n)))
      : [];
  }
}
