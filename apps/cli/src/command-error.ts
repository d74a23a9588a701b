export type CommandErrorCode =
  /** The command line itself is wrong. */
  | 'Usage'
  /** A file that was named cannot be read, or does not hold what it should. */
  | 'BadInput'
  /** A file that was to be written could not be. */
  | 'NotWritten';

/** Ends the command with exit code 2 and this one line on standard error. */
export class CommandError extends Error {
  override readonly name = 'CommandError';

  constructor(
    readonly code: CommandErrorCode,
    message: string,
    options?: { readonly cause?: unknown },
  ) {
    super(message.replaceAll(/\s*\n\s*/g, ' '), options);
  }
}

export const usageError = (message: string): CommandError => new CommandError('Usage', message);
export const badInput = (message: string, cause?: unknown): CommandError =>
  new CommandError('BadInput', message, { cause });

/** For what others threw: its first line. */
export function firstLine(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return text.split('\n', 1)[0] ?? '';
}
