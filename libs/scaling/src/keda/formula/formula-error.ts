/** A formula that cannot be compiled or run. The message shows the place, as the formula language's own compiler does. */
export class FormulaError extends Error {
  override readonly name = 'FormulaError';
  readonly code: 'BadFormula' | 'UnsupportedFormula';

  constructor(message: string, code: FormulaError['code'] = 'BadFormula') {
    super(message);
    this.code = code;
  }

  /** With line, column and a caret below the place. `at` counts characters from 0. */
  static at(message: string, source: string, at: number, code?: FormulaError['code']): FormulaError {
    const before = [...source].slice(0, at).join('');
    const line = before.split('\n').length;
    const column = [...before.slice(before.lastIndexOf('\n') + 1)].length;
    const text = source.split('\n')[line - 1] ?? '';
    if (text === '') return new FormulaError(message, code);
    const snippet = `\n | ${text.replaceAll('\t', ' ')}\n | ${'.'.repeat(column)}^`;
    return new FormulaError(`${message} (${line}:${column + 1})${snippet}`, code);
  }
}

/** Thrown inside the compiler, where the source is not at hand; `compileFormula` adds the snippet. */
export class PlacedError extends Error {
  constructor(
    message: string,
    readonly at: number,
    readonly unsupported = false,
  ) {
    super(message);
  }
}

/** A part of the formula language that is not implemented here. */
export const unsupported = (what: string, at: number): PlacedError =>
  new PlacedError(`${what} is not supported by this evaluator`, at, true);
