import { causeChain, isAppError } from '@scalelab/errors';

/**
 * Runs a program's start function and turns what goes wrong into one message on standard error and an exit code:
 * 2 for a wrong environment (all wrong variables in the message), 1 for a port in use and for anything else.
 */
export async function main(name: string, start: () => Promise<unknown>): Promise<void> {
  try {
    await start();
  } catch (error) {
    process.stderr.write(`${name}: ${describe(error)}\n`);
    process.exit(isAppError(error) && error.code === 'BadConfig' ? 2 : 1);
  }
}

/** Known errors speak for themselves; of an unknown one the stack is what helps. */
function describe(error: unknown): string {
  if (isAppError(error)) return error.message;
  return `could not start: ${causeChain(error)}${error instanceof Error ? `\n${error.stack ?? ''}` : ''}`;
}
