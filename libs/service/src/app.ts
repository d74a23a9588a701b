import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import type { Logger } from '@scalelab/logging';
import type { Metrics } from '@scalelab/metrics';
import type { Request, Response, Router } from 'express';
import { clientGone, requestObserver, unmatched } from './access-log';
import { Exchange, sendReply } from './exchange';
import { loadExpressApp, methodNotAllowed } from './express-app';
import type { Health } from './health';
import type { HotHandler, HotRoutes } from './hot-route';
import { probes } from './probes';
import { problemReply } from './problem-reply';
import type { Reply } from './reply';
import { keepContext, RequestContext } from './request-context';

export interface AppOptions {
  readonly logger: Logger;
  readonly metrics: Metrics;
  readonly health: Health;
  /** Largest request body in bytes; default 102,400. */
  readonly bodyLimit?: number;
  /** Routes answered before Express. */
  readonly hot?: HotRoutes;
  /** Everything else. Handlers may be async and may throw AppError. JSON bodies are parsed. */
  readonly routes?: (router: Router) => void;
}

/** A request listener: give it to supertest, or to `run`. */
export interface App extends RequestListener {
  readonly health: Health;
  readonly logger: Logger;
  /** Loads Express and the routes; `run` does so after listening. */
  warm(): Promise<void>;
}

const readMethods = 'GET, HEAD';

/** Builds the listener and never listens. */
export function createApp(options: AppOptions): App {
  const { logger, metrics, health, bodyLimit = 102_400, hot = {}, routes = () => undefined } = options;
  const probe = probes(health, metrics);
  const hotRoutes = new Map<string, HotHandler>(Object.entries(hot));
  const observe = requestObserver(logger, metrics);
  health.onDrain(() => metrics.draining.set(1));

  const allowedElsewhere = (path: string) =>
    probe.has(path) || hotRoutes.has(path) ? readMethods : undefined;
  let loading: ReturnType<typeof loadExpressApp> | undefined;
  const express = () => (loading ??= loadExpressApp({ bodyLimit, routes, allowedElsewhere }));

  function listener(request: IncomingMessage, response: ServerResponse): void {
    const url = request.url as string;
    const mark = url.indexOf('?');
    const path = mark < 0 ? url : url.slice(0, mark);
    const reads = request.method === 'GET' || request.method === 'HEAD';
    const context = new RequestContext(request, logger);

    const handler = hotRoutes.get(path);
    if (handler && reads) {
      answerHot(handler, new Exchange(request, response, context, path, mark < 0 ? '' : url.slice(mark + 1)));
      return;
    }
    const inspect = probe.get(path);
    if (inspect) void answerProbe(inspect, request, response, context, path);
    else void passToExpress(request, response, context, path);
  }

  function answerHot(handler: HotHandler, exchange: Exchange): void {
    try {
      const reply = handler(exchange);
      if (reply instanceof Promise)
        reply.then((late) => finish(exchange, late)).catch((error) => fail(exchange, error));
      else finish(exchange, reply);
    } catch (error) {
      fail(exchange, error);
    }
  }

  function fail(exchange: Exchange, error: unknown): void {
    if (exchange.open) finish(exchange, problemReply(error, exchange.path, exchange.context));
    else record(exchange, clientGone);
  }

  function finish(exchange: Exchange, reply: Reply): void {
    if (!exchange.open) return record(exchange, clientGone);
    exchange.send(reply, health.draining);
    record(exchange, reply.status);
  }

  function record({ context, raw, path, startedAt }: Exchange, status: number): void {
    observe({ context, method: raw.method as string, path, route: path, status, startedAt });
  }

  async function answerProbe(
    inspect: () => Reply | Promise<Reply>,
    request: IncomingMessage,
    response: ServerResponse,
    context: RequestContext,
    path: string,
  ): Promise<void> {
    const method = request.method as string;
    const reads = method === 'GET' || method === 'HEAD';
    try {
      if (!reads) throw methodNotAllowed(method, path, readMethods);
      sendReply(response, await inspect(), context.requestId, health.draining);
    } catch (error) {
      sendReply(response, problemReply(error, path, context), context.requestId, health.draining);
    }
  }

  async function passToExpress(
    request: IncomingMessage,
    response: ServerResponse,
    context: RequestContext,
    path: string,
  ): Promise<void> {
    const startedAt = performance.now();
    keepContext(request, context);
    response.setHeader('x-request-id', context.requestId);
    if (health.draining) response.setHeader('connection', 'close');
    response.once('close', () => {
      const route = (request as Partial<Request>).route?.path;
      observe({
        context,
        method: request.method as string,
        path,
        route: route === undefined ? unmatched : String(route),
        status: response.writableFinished ? response.statusCode : clientGone,
        startedAt,
      });
    });
    try {
      const app = await express();
      await app(request as Request, response as Response, () => undefined);
    } catch (error) {
      sendReply(response, problemReply(error, path, context), context.requestId, true);
    }
  }

  return Object.assign(listener, { health, logger, warm: async () => void (await express()) });
}
