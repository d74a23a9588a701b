import type { Socket } from 'node:net';
import type { Backend } from './backend';
import type { BackendSet } from './backend-set';
import { Upstream } from './upstream';

const connectTimeoutMs = 500;
/** How long pods may refuse before the client is refused too, ms. */
const patienceMs = 1_000;
const retryRefusedMs = 50;

/** Joins a client to one pod for as long as the connection lasts. What the client has sent by then waits for the pod. */
export function splice(client: Socket, backends: BackendSet): void {
  const startedMs = performance.now();
  const tried = new Set<Backend>();
  let upstream: Upstream | undefined;
  let backend: Backend | undefined;
  let timer: NodeJS.Timeout | undefined;
  let over = false;

  const letGo = (): void => {
    if (backend) backend.active -= 1;
    backend = undefined;
    upstream?.destroy();
    upstream = undefined;
  };
  const end = (): void => {
    if (over) return;
    over = true;
    clearTimeout(timer);
    letGo();
  };

  const join = (): void => {
    if (over) return;
    const chosen = backends.choose(tried);
    if (!chosen) {
      tried.clear();
      // No pod at all is refused at once, as kube-proxy does.
      if (backends.size === 0 || performance.now() - startedMs > patienceMs)
        return void client.resetAndDestroy();
      timer = setTimeout(join, retryRefusedMs);
      return;
    }
    tried.add(chosen);
    const real = chosen.locate();
    if (!real) return join();
    backend = chosen;
    chosen.active += 1;
    let connected = false;
    const made = new Upstream(real, connectTimeoutMs, {
      onConnect: () => {
        connected = true;
        client.resume();
      },
      onData: (chunk) => {
        if (!client.write(chunk)) made.pause();
      },
      onDrain: () => client.resume(),
      onEnd: () => client.end(),
      onError: () => {
        letGo();
        if (connected) client.resetAndDestroy();
        else join();
      },
    });
    upstream = made;
  };

  client.pause();
  client.on('data', (chunk: Buffer) => {
    if (upstream && !upstream.write(chunk)) client.pause();
  });
  client.on('drain', () => upstream?.resume());
  client.on('end', () => upstream?.end());
  client.on('error', end);
  client.on('close', end);
  // Listening for data starts the flow; it must wait for the pod.
  client.pause();
  join();
}
