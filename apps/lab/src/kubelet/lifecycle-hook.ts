import type { Container, LifecycleHandler } from '@scalelab/manifests';
import type { Launch } from './launch';
import type { PodContext } from './pod-context';
import { tryProbe } from './probe';
import { probeContext } from './probe-context';
import { wait } from './wait';

/** A hook may take as long as the pod's grace period; its caller cuts it off. */
const longestHookMs = 24 * 3_600_000;

/** Runs a postStart or preStop hook; resolves to the problem, or undefined when it went well. */
export async function runHook(
  hook: LifecycleHandler,
  context: PodContext,
  container: Container,
  launch: Launch | undefined,
): Promise<string | undefined> {
  if (hook.sleep) {
    await wait(context.scheduler, hook.sleep.seconds * 1000);
    return undefined;
  }
  const result = await tryProbe(
    hook,
    probeContext(context, container, () => launch),
    longestHookMs,
  );
  // An HTTP hook is only sent: its answer does not matter.
  const sent = hook.httpGet !== undefined && result.message.startsWith('HTTP probe failed');
  return result.ok || sent ? undefined : result.message || 'the hook failed';
}
