import { isAppError, problemContentType, toProblem } from '@scalelab/errors';
import { fromHttpError } from './http-error';
import { jsonReply, type Reply } from './reply';
import type { RequestContext } from './request-context';

/** The answer for an error. What a client may not know goes to the log, under the same request id. */
export function problemReply(thrown: unknown, path: string, context: RequestContext): Reply {
  const error = fromHttpError(thrown);
  const problem = toProblem(error, { instance: path, requestId: context.requestId });
  const facts = isAppError(error) ? error.context : {};
  if (problem.status >= 500) {
    context.logger.error({ ...facts, err: error, code: problem.code, path }, 'request failed');
  }
  const reply = jsonReply(problem, problem.status, `${problemContentType}; charset=utf-8`);
  return typeof facts.allow === 'string' ? { ...reply, headers: { allow: facts.allow } } : reply;
}
