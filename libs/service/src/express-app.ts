import { AppError } from '@scalelab/errors';
import type { NextFunction, Request, RequestHandler, Response, Router } from 'express';
import { problemReply } from './problem-reply';
import { contextOf } from './request-context';

export interface ExpressOptions {
  readonly bodyLimit: number;
  readonly routes: (router: Router) => void;
  /** Methods of paths that are answered before Express. */
  readonly allowedElsewhere: (path: string) => string | undefined;
}

/** Express is loaded on first use: it is half of a service's start, and a pod that is not asked yet should be ready. */
export async function loadExpressApp(options: ExpressOptions): Promise<RequestHandler> {
  const { default: express } = await import('express');
  const app = express();
  app.disable('x-powered-by');
  // Answers are made for the asker and small: hashing each body would cost a fifth of the throughput.
  app.disable('etag');
  app.use(onlyJson);
  app.use(express.json({ limit: options.bodyLimit, type: isJson }));
  const router = express.Router();
  options.routes(router);
  app.use(router);
  app.use((request: Request) => {
    const allow = options.allowedElsewhere(request.path);
    if (allow !== undefined) throw methodNotAllowed(request.method, request.path, allow);
    throw new AppError('NotFound', `there is no ${request.method} ${request.path} here`);
  });
  app.use(answerError);
  return app as unknown as RequestHandler;
}

export function methodNotAllowed(method: string, path: string, allow: string): AppError {
  return new AppError('MethodNotAllowed', `${method} is not allowed on ${path}, allowed: ${allow}`, {
    context: { allow },
  });
}

function hasBody({ headers }: Pick<Request, 'headers'>): boolean {
  return headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0;
}

function isJson({ headers }: { headers: Request['headers'] }): boolean {
  return /^application\/([\w.+-]+\+)?json\s*(;|$)/i.test(headers['content-type'] ?? '');
}

function onlyJson(request: Request, _response: Response, next: NextFunction): void {
  if (!hasBody(request) || isJson(request)) return next();
  const given = request.headers['content-type'] ?? 'none';
  next(new AppError('UnsupportedMediaType', `content-type: given ${given}, allowed: application/json`));
}

/** Express knows an error handler by its four parameters. */
function answerError(error: unknown, request: Request, response: Response, _next: NextFunction): void {
  if (response.headersSent) {
    contextOf(request).logger.error({ err: error }, 'request failed after its answer had begun');
    response.destroy();
    return;
  }
  const reply = problemReply(error, request.path, contextOf(request));
  response
    .set(reply.headers ?? {})
    .status(reply.status)
    .type(reply.type)
    .send(reply.body);
}
