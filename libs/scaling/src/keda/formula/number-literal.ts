import { type FormulaNode } from './ast';
import { PlacedError } from './formula-error';
import { type Token } from './lexer';

/** A number of a formula: with a point or an exponent a float, else a 64-bit integer. Throws PlacedError. */
export function readNumber(token: Token, errorAt: number): FormulaNode {
  const text = token.value.replaceAll('_', '');
  if (!/^0x/i.test(text) && /[.e]/i.test(text)) {
    const value = Number(text);
    if (!Number.isFinite(value))
      throw new PlacedError(`invalid float literal: ${JSON.stringify(text)}`, errorAt);
    return { kind: 'float', value, at: token.at };
  }
  const kind = /^0x/i.test(text)
    ? 'hex'
    : /^0b/i.test(text)
      ? 'binary'
      : /^0o/i.test(text)
        ? 'octal'
        : 'integer';
  let value: bigint | undefined;
  try {
    // Without a prefix a leading zero has no meaning: 010 is ten.
    value = BigInt(text.toLowerCase());
  } catch {
    value = undefined;
  }
  if (value === undefined || value >= 2n ** 63n) {
    const why = value === undefined ? 'invalid syntax' : 'value out of range';
    throw new PlacedError(
      `invalid ${kind} literal: strconv.ParseInt: parsing ${JSON.stringify(text)}: ${why}`,
      errorAt,
    );
  }
  return { kind: 'int', value, at: token.at };
}
