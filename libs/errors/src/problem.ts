import { isAppError, type FieldError } from './app-error';
import { reasonPhrase } from './reason-phrase';

export const problemContentType = 'application/problem+json';

/** Problem details of RFC 9457, with `code`, `errors` and `requestId` as extension members. */
export interface Problem {
  /** Always about:blank, so that the title is the status phrase (RFC 9457 section 4.2.1); `code` tells causes apart. */
  readonly type: 'about:blank';
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  readonly code: string;
  readonly instance?: string;
  readonly errors?: readonly FieldError[];
  readonly requestId?: string;
}

export interface ProblemContext {
  /** URI reference of the occurrence, usually the request's path. */
  readonly instance?: string;
  readonly requestId?: string;
}

const hidden = 'The request could not be completed because of an error on the server.';

/** What a client may know of an error. Errors that are not exposed keep their status and lose their words. */
export function toProblem(error: unknown, where: string | ProblemContext = {}): Problem {
  const { instance, requestId } =
    typeof where === 'string' ? { instance: where, requestId: undefined } : where;
  const known = isAppError(error);
  const status = known ? error.status : 500;
  const expose = known && error.expose;
  return {
    type: 'about:blank',
    title: reasonPhrase(status),
    status,
    detail: expose ? error.message : hidden,
    code: expose || (known && status !== 500) ? error.code : 'Internal',
    ...(instance === undefined ? {} : { instance }),
    ...(expose && error.fields.length > 0 ? { errors: error.fields } : {}),
    ...(requestId === undefined ? {} : { requestId }),
  };
}
