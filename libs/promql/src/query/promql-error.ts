/**
 * `Syntax`: the text is no PromQL. `Unsupported`: it is, but asks for something that is not built here. `Type`: parts do not fit.
 * `Execution`: the data make it impossible (duplicate series, ambiguous match).
 */
export type PromqlErrorCode = 'Syntax' | 'Unsupported' | 'Type' | 'Execution';

export class PromqlError extends Error {
  override readonly name = 'PromqlError';
  constructor(
    readonly code: PromqlErrorCode,
    message: string,
    /** Offset in the query, from 0, where one is known. */
    readonly position?: number,
    options?: { cause?: unknown },
  ) {
    super(position === undefined ? message : `${message} (at character ${position + 1})`, options);
  }
}
