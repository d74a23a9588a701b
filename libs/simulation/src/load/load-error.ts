export type LoadErrorCode =
  /** The text is neither CSV, nor JSON of a known shape. */
  | 'UnknownFormat'
  /** A field is not what it must be. */
  | 'BadValue'
  /** A point is earlier than the one before it. */
  | 'NotInOrder'
  /** A generator or a duration is written wrongly. */
  | 'BadGenerator'
  /** There is no point at all. */
  | 'Empty';

/** A load that cannot be used, and where in its text. */
export class LoadError extends Error {
  override readonly name = 'LoadError';

  constructor(
    readonly code: LoadErrorCode,
    message: string,
    /** From 1. */
    readonly line?: number,
  ) {
    super(message);
  }
}
