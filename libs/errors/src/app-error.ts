import { statusForCode, type ErrorCode } from './code';

/** One rejected part of an input. */
export interface FieldError {
  /** Name of the variable, query parameter or JSON pointer. */
  readonly field: string;
  /** What was given and what is allowed; never the value of a secret. */
  readonly detail: string;
}

export interface AppErrorOptions {
  /** HTTP status; default: the code's own, 500 for codes outside ErrorCode. */
  readonly status?: number;
  readonly cause?: unknown;
  /** Whether the message may be shown to a client; default: true below status 500. */
  readonly expose?: boolean;
  readonly fields?: readonly FieldError[];
  /** Facts for the log, never sent to a client. */
  readonly context?: Readonly<Record<string, unknown>>;
}

/** The one error class of the project: a closed set of codes, a status, a cause and context. */
export class AppError<Code extends string = ErrorCode> extends Error {
  readonly code: Code;
  readonly status: number;
  readonly expose: boolean;
  readonly fields: readonly FieldError[];
  readonly context: Readonly<Record<string, unknown>>;

  constructor(code: Code, message: string, options: AppErrorOptions = {}) {
    super(message, options.cause === undefined ? {} : { cause: options.cause });
    this.name = new.target.name;
    this.code = code;
    this.status = options.status ?? statusForCode(code);
    this.expose = options.expose ?? this.status < 500;
    this.fields = options.fields ?? [];
    this.context = options.context ?? {};
  }
}

export function isAppError(error: unknown): error is AppError<string> {
  return error instanceof AppError;
}
