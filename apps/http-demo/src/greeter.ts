import { setTimeout as sleep } from 'node:timers/promises';
import { reasonPhrase } from '@scalelab/errors';
import { textReply, type HotHandler, type HotRequest, type Reply } from '@scalelab/service';
import { burnCpu } from '@scalelab/cpu-load';
import { parseDemand, type Demand } from './demand';
import type { Operations } from './operations';

/** GET /: the greeting at once, or after the wait and the work that the query asks for. */
export function createGreeter(greeting: string, operations: Operations): HotHandler {
  const plain = textReply(greeting);

  return (request) => {
    if (request.query !== '') return onDemand(request, parseDemand(request.query));
    const startedAt = operations.begin();
    operations.end(startedAt, false);
    return plain;
  };

  async function onDemand({ signal }: HotRequest, { delayMs, cpuMs, status }: Demand): Promise<Reply> {
    const startedAt = operations.begin();
    let failed = true;
    try {
      if (delayMs > 0) await sleep(delayMs, undefined, { signal });
      if (cpuMs > 0) await burnCpu(cpuMs, signal);
      failed = status >= 500;
    } finally {
      operations.end(startedAt, failed || signal.aborted);
    }
    return status < 400
      ? { ...plain, status }
      : textReply(`${status} ${reasonPhrase(status)}, as asked\n`, status);
  }
}
