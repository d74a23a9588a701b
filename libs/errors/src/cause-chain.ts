/**
 * One line for an error and its causes, outermost first: `fetch failed: connect ECONNREFUSED 127.0.0.1:9`.
 * Repeated texts appear once. For logs and for reasons that an operator reads.
 */
export function causeChain(error: unknown): string {
  const parts: string[] = [];
  let current: unknown = error;
  for (let depth = 0; current !== undefined && current !== null && depth < 8; depth++) {
    const text = textOf(current);
    if (text !== '' && !parts.some((part) => part.includes(text))) parts.push(text);
    current = isErrorLike(current) ? current.cause : undefined;
  }
  return parts.join(': ').replace(/\s+/g, ' ');
}

interface ErrorLike {
  readonly message: string;
  readonly name?: string;
  readonly code?: unknown;
  readonly cause?: unknown;
  readonly errors?: unknown;
}

/** By shape, not by class: errors of another realm (a vm, a worker) are of another class. */
function isErrorLike(value: unknown): value is ErrorLike {
  return (
    typeof value === 'object' &&
    value !== null &&
    typeof (value as { message?: unknown }).message === 'string'
  );
}

function textOf(error: unknown): string {
  if (!isErrorLike(error)) return String(error);
  if (error.message !== '') return error.message;
  if (Array.isArray(error.errors)) return error.errors.map(textOf).join(', ');
  return String(error.code ?? error.name ?? 'unknown error');
}
