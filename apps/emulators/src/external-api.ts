import { createHash, timingSafeEqual } from 'node:crypto';
import { AppError } from '@scalelab/errors';
import type { Logger } from '@scalelab/logging';
import type { Metrics } from '@scalelab/metrics';
import { createApp, createHealth, jsonReply, type App, type HotRequest, type Reply } from '@scalelab/service';
import { logLines } from './log-lines';

export interface ExternalApiDeps {
  /** Key of each environment. */
  readonly keys: ReadonlyMap<string, string>;
  /** Lines in one answer. */
  readonly lines: number;
  readonly logger: Logger;
  readonly metrics: Metrics;
  /** Epoch milliseconds. */
  readonly now?: () => number;
}

/** `environment=key` pairs as a map; a later pair of the same environment wins. */
export function keysOf(pairs: readonly string[]): Map<string, string> {
  return new Map(pairs.map((pair) => [pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1)]));
}

/**
 * Stand-in for a company's log API: `GET /logs?env=ENVIRONMENT` with that environment's key as `Authorization: Bearer KEY` or
 * `x-api-key: KEY` answers its latest log lines. `GET /` is the same. 400 for an unknown environment, 401 for a missing or wrong key.
 */
export function buildExternalApi({ keys, lines, logger, metrics, now = Date.now }: ExternalApiDeps): App {
  const logs = (request: HotRequest): Reply => {
    const environment = new URLSearchParams(request.query).get('env') ?? '';
    const key = keys.get(environment);
    if (key === undefined) {
      const given = environment === '' ? 'missing' : JSON.stringify(environment);
      throw new AppError('BadRequest', `env is ${given}, allowed: ${[...keys.keys()].join(', ')}`);
    }
    authorize(request, environment, key);
    return jsonReply({ environment, logs: logLines(environment, lines, now()) });
  };
  return createApp({ logger, metrics, health: createHealth(), hot: { '/logs': logs, '/': logs } });
}

function authorize({ raw }: HotRequest, environment: string, key: string): void {
  const header = raw.headers['x-api-key'];
  const bearer = /^Bearer\s+(\S+)$/i.exec(raw.headers.authorization ?? '')?.[1];
  const given = bearer ?? (typeof header === 'string' && header !== '' ? header : undefined);
  if (given === undefined) {
    throw new AppError(
      'Unauthorized',
      'no key given: send it as Authorization: Bearer KEY or x-api-key: KEY',
    );
  }
  if (!sameText(given, key))
    throw new AppError('Unauthorized', `the key is not the key of environment ${environment}`);
}

/** Takes the same time wherever the texts differ. */
function sameText(a: string, b: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(a), digest(b));
}
