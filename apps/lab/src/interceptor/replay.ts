import type { Upstream } from './upstream';

/** RFC 9110, 9.2.2: repeating these has no further effect. */
const idempotent = new Set(['GET', 'HEAD', 'OPTIONS', 'TRACE', 'PUT', 'DELETE']);
/** A request this small is read by the pod in one go or not at all. */
const oneRead = 16 * 1024;

/**
 * Whether a request that got no answer may be sent again. Always when repeating it has no effect. Otherwise only when the pod cannot
 * have seen it: its system answers bytes that no program read, or that came after the close, with a reset.
 */
export function isReplaySafe(
  method: string,
  how: 'closed' | 'reset',
  upstream: Upstream,
  bytes: number,
  decide: (safe: boolean) => void,
): void {
  if (idempotent.has(method)) return decide(true);
  if (bytes > oneRead || !upstream.reused) return decide(false);
  if (how === 'reset') return decide(true);
  // An orderly close may have crossed our bytes on the way. If it did, the reset for them shows at the next write.
  upstream.probeReset(decide);
}
