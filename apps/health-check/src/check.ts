import { causeChain } from '@scalelab/errors';

/** One thing to look at. */
export interface Check {
  readonly name: string;
  readonly url: string;
}

export interface CheckResult extends Check {
  readonly passed: boolean;
  /** Undefined when there was no answer. */
  readonly status: number | undefined;
  readonly ms: number;
  readonly reason: string;
}

/** The part of a refusal that is read for its reason, in characters. */
const reasonLength = 300;

/** A check passes when the answer has a 2xx status and arrives in full before the timeout. Never throws. */
export async function runCheck(
  check: Check,
  timeoutMs: number,
  request: typeof fetch = fetch,
): Promise<CheckResult> {
  const startedAt = performance.now();
  const signal = AbortSignal.timeout(timeoutMs);
  let status: number | undefined;
  const result = (passed: boolean, reason: string): CheckResult => ({
    ...check,
    passed,
    status,
    ms: Math.round(performance.now() - startedAt),
    reason,
  });
  try {
    const response = await request(check.url, { signal });
    status = response.status;
    const body = await response.text();
    return response.ok ? result(true, 'ok') : result(false, refusal(response, body));
  } catch (error) {
    return result(false, signal.aborted ? `no full answer within ${timeoutMs} ms` : causeChain(error));
  }
}

/** What a problem document says, else the status phrase. */
function refusal(response: Response, body: string): string {
  if (response.headers.get('content-type')?.startsWith('application/problem+json')) {
    try {
      const { detail } = JSON.parse(body) as { detail?: unknown };
      if (typeof detail === 'string' && detail !== '') return detail.slice(0, reasonLength);
    } catch {
      // An answer that is no JSON after all: its status has to do.
    }
  }
  return response.statusText || `status ${response.status}`;
}
