import { PlacedError } from './formula-error';
import { type Token, type TokenKind } from './lexer';

/** Where a parser stands among its tokens. */
export class TokenCursor {
  private position = 0;

  constructor(private readonly tokens: readonly Token[]) {}

  protected get current(): Token {
    return this.tokens[Math.min(this.position, this.tokens.length - 1)] as Token;
  }

  /** The one behind the current one, which is not the last. */
  protected get following(): Token {
    return this.tokens[this.position + 1] as Token;
  }

  protected is(kind: TokenKind, value?: string): boolean {
    return this.current.kind === kind && (value === undefined || this.current.value === value);
  }

  protected take(): Token {
    const token = this.current;
    if (token.kind === 'EOF') throw new PlacedError('unexpected token EOF', token.at);
    this.position++;
    return token;
  }

  protected accept(kind: TokenKind, value: string): boolean {
    if (!this.is(kind, value)) return false;
    this.position++;
    return true;
  }

  protected expect(kind: TokenKind, value?: string): Token {
    if (!this.is(kind, value)) this.unexpected();
    return this.take();
  }

  protected unexpected(token = this.current): never {
    const shown = token.value === '' ? token.kind : `${token.kind}(${JSON.stringify(token.value)})`;
    throw new PlacedError(`unexpected token ${shown}`, token.at);
  }
}
