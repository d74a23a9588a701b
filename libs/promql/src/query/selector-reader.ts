import type { SyntaxNode } from '@lezer/common';
import { metricName } from '../labels';
import { Matcher, type MatchOperator } from '../store/matcher';
import type { Expression, SelectorExpression } from './expression';
import { PromqlError } from './promql-error';
import { children, SyntaxReader } from './syntax-reader';

const matchOperators: Readonly<Record<string, MatchOperator>> = {
  EqlSingle: '=',
  Neq: '!=',
  EqlRegex: '=~',
  NeqRegex: '!~',
};

/** Reads selectors of instants and ranges. */
export class SelectorReader extends SyntaxReader {
  protected selector(node: SyntaxNode, offsetMs = 0): SelectorExpression {
    const matchers: Matcher[] = [];
    const name = node.getChild('Identifier');
    if (name) matchers.push(new Matcher(metricName, '=', this.source(name)));
    for (const child of children(node.getChild('LabelMatchers') ?? node)) {
      if (child.name === 'UnquotedLabelMatcher' || child.name === 'QuotedLabelMatcher')
        matchers.push(this.matcher(child));
      else if (child.name === 'QuotedLabelName')
        matchers.push(new Matcher(metricName, '=', this.string(this.only(child))));
    }
    if (name && matchers.filter((m) => m.name === metricName).length > 1) {
      throw new PromqlError(
        'Syntax',
        `the metric's name must not be set twice: ${this.source(node)}`,
        node.from,
      );
    }
    if (matchers.every((m) => m.accepts(''))) {
      throw new PromqlError(
        'Syntax',
        'a selector must have at least one matcher that does not accept an empty value',
        node.from,
      );
    }
    return { kind: 'selector', matchers, offsetMs };
  }

  private matcher(node: SyntaxNode): Matcher {
    const [label, operator, value] = children(node);
    const word = operator?.firstChild ? matchOperators[operator.firstChild.name] : undefined;
    if (!label || !word || !value)
      throw new PromqlError('Syntax', `${this.source(node)} is no label matcher`, node.from);
    const name = label.name === 'QuotedLabelName' ? this.string(this.only(label)) : this.source(label);
    try {
      return new Matcher(name, word, this.string(value));
    } catch (cause) {
      if (!(cause instanceof SyntaxError)) throw cause;
      throw new PromqlError(
        'Syntax',
        `${this.source(value)} is no regular expression: ${cause.message}`,
        value.from,
        { cause },
      );
    }
  }

  protected range(node: SyntaxNode, offsetMs?: number): Expression {
    const [inner, duration] = children(node);
    if (inner?.name !== 'VectorSelector')
      throw new PromqlError('Type', 'a range is only allowed on a selector', node.from);
    const rangeMs = this.durationMs(duration ?? null, node);
    if (rangeMs <= 0) throw new PromqlError('Syntax', 'a range must be longer than 0', node.from);
    return { kind: 'range', selector: this.selector(inner, offsetMs), rangeMs };
  }
}
