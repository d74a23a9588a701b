export type MatchOperator = '=' | '!=' | '=~' | '!~';

/** Accepts or refuses a label's value; a missing label has the empty value. */
export class Matcher {
  private readonly pattern: RegExp | undefined;

  /** @throws SyntaxError when the value is no regular expression */
  constructor(
    readonly name: string,
    readonly operator: MatchOperator,
    readonly value: string,
  ) {
    if (operator === '=~' || operator === '!~') this.pattern = anchored(value);
  }

  accepts(value: string): boolean {
    switch (this.operator) {
      case '=':
        return value === this.value;
      case '!=':
        return value !== this.value;
      case '=~':
        return this.pattern?.test(value) === true;
      case '!~':
        return this.pattern?.test(value) === false;
    }
  }
}

/** Whole-value match. RE2's leading `(?i)` becomes the flag; `.` matches line feeds, as in Prometheus. */
function anchored(value: string): RegExp {
  const flags = /^\(\?([ims]+)\)/.exec(value);
  const body = flags ? value.slice(flags[0].length) : value;
  return new RegExp(`^(?:${body})$`, flags?.[1]?.includes('i') ? 'si' : 's');
}
