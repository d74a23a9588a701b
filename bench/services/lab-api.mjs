// As much of a Kubernetes client as the benches need.
import { readFileSync } from 'node:fs';
import { Agent, request } from 'node:https';
import { json } from 'node:stream/consumers';
import { once } from 'node:events';
import { parse } from 'yaml';

/** @returns get(path) of the cluster of a kubeconfig */
export function labApi(kubeconfig) {
  const { clusters, users } = parse(readFileSync(kubeconfig, 'utf8'));
  const [{ cluster }] = clusters;
  const agent = new Agent({
    keepAlive: true,
    ca: Buffer.from(cluster['certificate-authority-data'], 'base64'),
  });
  return async (path) => {
    const outgoing = request(new URL(path, cluster.server), {
      agent,
      headers: { authorization: `Bearer ${users[0].user.token}` },
    });
    outgoing.end();
    const [response] = await once(outgoing, 'response');
    const body = await json(response);
    if (response.statusCode !== 200) throw new Error(`${path}: ${response.statusCode} ${body.message}`);
    return body;
  };
}

/** Resolves once every Deployment has as many ready pods as it wants. */
export async function untilSettled(get, timeoutMs = 60_000) {
  const end = performance.now() + timeoutMs;
  for (;;) {
    const { items } = await get('/apis/apps/v1/deployments');
    const waiting = items.filter(({ spec, status }) => (status?.readyReplicas ?? 0) !== (spec.replicas ?? 1));
    if (items.length > 0 && waiting.length === 0) return items;
    if (performance.now() > end)
      throw new Error(
        `not ready after ${timeoutMs} ms: ${waiting.map(({ metadata }) => metadata.name).join(', ')}`,
      );
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
