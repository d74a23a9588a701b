/** A selector as `kubectl -l` writes it, or why it is none. */
export type SelectorReading =
  ((labels: Readonly<Record<string, string>>) => boolean) | { readonly error: string };

type Labels = Readonly<Record<string, string>>;
type Requirement = (labels: Labels) => boolean;

class SelectorError extends Error {}

/** Parses "app=web,tier in (a,b),!legacy,rank>3". */
export function readSelector(text: string): SelectorReading {
  try {
    const requirements = new SelectorParser(text).parse();
    return (labels) => requirements.every((requirement) => requirement(labels));
  } catch (error) {
    if (error instanceof SelectorError) return { error: error.message };
    throw error;
  }
}

const operators = ['==', '!=', '=', '!', '<', '>', '(', ')', ','];

class SelectorParser {
  private readonly tokens: string[];
  private at = 0;

  constructor(text: string) {
    this.tokens = text.match(/==|!=|[=!<>(),]|[^\s=!<>(),]+/g) ?? [];
  }

  parse(): Requirement[] {
    const requirements: Requirement[] = [];
    while (this.at < this.tokens.length) {
      if (!this.isWord(this.peek()) && this.peek() !== '!') {
        throw new SelectorError(`found '${this.peek()}', expected: !, identifier, or 'end of string'`);
      }
      requirements.push(this.requirement());
      const separator = this.next();
      if (separator === '') break;
      if (separator !== ',')
        throw new SelectorError(`found '${separator}', expected: ',' or 'end of string'`);
      const following = this.peek();
      if (!this.isWord(following) && following !== '!') {
        throw new SelectorError(`found '${following}', expected: identifier after ','`);
      }
    }
    return requirements;
  }

  private peek(): string {
    return this.tokens[this.at] ?? '';
  }

  private next(): string {
    return this.tokens[this.at++] ?? '';
  }

  private isWord(token: string): boolean {
    return token !== '' && !operators.includes(token);
  }

  private requirement(): Requirement {
    const absent = this.peek() === '!';
    if (absent) this.next();
    const key = this.next();
    if (!this.isWord(key))
      throw new SelectorError(`unable to parse requirement: found '${key}', expected: identifier`);
    if (absent) return (labels) => labels[key] === undefined;
    if (['', ','].includes(this.peek())) return (labels) => labels[key] !== undefined;
    return this.comparison(key);
  }

  private comparison(key: string): Requirement {
    const operator = this.next();
    switch (operator) {
      case 'in':
      case 'notin': {
        const values = this.values();
        return operator === 'in'
          ? (labels) => labels[key] !== undefined && values.includes(labels[key])
          : (labels) => labels[key] === undefined || !values.includes(labels[key]);
      }
      case '=':
      case '==':
      case '!=': {
        const value = this.value();
        return (labels) => (labels[key] === value) === (operator !== '!=');
      }
      case '<':
      case '>': {
        const bound = this.value();
        if (!/^[+-]?\d+$/.test(bound)) {
          throw new SelectorError(
            "unable to parse requirement: for 'Gt', 'Lt' operators, the value must be an integer",
          );
        }
        return (labels) => {
          const label = labels[key];
          if (label === undefined || !/^[+-]?\d+$/.test(label)) return false;
          return operator === '<' ? Number(label) < Number(bound) : Number(label) > Number(bound);
        };
      }
      default:
        throw new SelectorError(
          `unable to parse requirement: found '${operator}', expected: in, notin, =, ==, !=, gt, lt`,
        );
    }
  }

  /** A missing value is the empty one. */
  private value(): string {
    return ['', ','].includes(this.peek()) ? '' : this.next();
  }

  private values(): readonly string[] {
    const open = this.next();
    if (open !== '(') throw new SelectorError(`unable to parse requirement: found '${open}' expected: '('`);
    const values: string[] = [];
    for (let wantsValue = true; ;) {
      const token = this.next();
      if (token === '')
        throw new SelectorError(`unable to parse requirement: found '', expected: ',', ')' or identifier`);
      if (this.isWord(token)) values.push(token);
      if (token === ')' && wantsValue) values.push('');
      if (token === ')') return values;
      if (token === ',' && wantsValue) values.push('');
      wantsValue = token === ',';
    }
  }
}
