import type { Metrics } from '@scalelab/metrics';
import type { Health, Verdict } from './health';
import { jsonReply, type Reply } from './reply';

const exposition = 'text/plain; version=0.0.4; charset=utf-8';

/** The endpoints of every workload. They are neither logged nor counted: a probe a second would drown the requests. */
export function probes(health: Health, metrics: Metrics): ReadonlyMap<string, () => Reply | Promise<Reply>> {
  const answer = (verdict: Verdict, good: string) =>
    verdict.ok
      ? jsonReply({ status: good })
      : jsonReply({ status: 'unavailable', failing: verdict.failing }, 503);

  return new Map<string, () => Reply | Promise<Reply>>([
    ['/livez', () => answer(health.live(), 'alive')],
    ['/readyz', () => answer(health.ready(), 'ready')],
    ['/health', () => summary(health, metrics.service)],
    ['/metrics', async () => ({ status: 200, type: exposition, body: await metrics.registry.metrics() })],
  ]);
}

function summary(health: Health, service: string): Reply {
  const live = health.live();
  const ready = health.ready();
  const ok = live.ok && ready.ok;
  return jsonReply(
    {
      status: ok ? 'ok' : 'unavailable',
      service,
      live: live.ok,
      ready: ready.ok,
      draining: health.draining,
      uptimeSeconds: Math.round(process.uptime() * 10) / 10,
      failing: [...live.failing, ...ready.failing],
    },
    ok ? 200 : 503,
  );
}
