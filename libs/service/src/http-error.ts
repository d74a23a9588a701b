import { AppError, isAppError, type ErrorCode } from '@scalelab/errors';

/** Errors of body parsing, by the `type` that body-parser gives them. */
const bodyErrors: Readonly<Record<string, { readonly code: ErrorCode; readonly say: string }>> = {
  'entity.parse.failed': {
    code: 'BadJson',
    say: 'the body is not valid JSON; an object or an array is allowed',
  },
  'entity.too.large': { code: 'BodyTooLarge', say: 'the body is larger than allowed' },
  'encoding.unsupported': {
    code: 'UnsupportedMediaType',
    say: 'content-encoding: gzip, deflate, br and identity are allowed',
  },
  'charset.unsupported': { code: 'UnsupportedMediaType', say: 'charset: utf-8 is allowed' },
  'request.aborted': { code: 'BadRequest', say: 'the body ended before its announced length' },
  'request.size.invalid': { code: 'BadRequest', say: 'the body has another length than content-length says' },
};

/** Turns errors that Express and its parsers throw (`status`, `type`) into AppErrors; leaves the rest alone. */
export function fromHttpError(thrown: unknown): unknown {
  if (isAppError(thrown) || typeof thrown !== 'object' || thrown === null) return thrown;
  const { type, status, limit } = thrown as { type?: unknown; status?: unknown; limit?: unknown };
  const body = typeof type === 'string' ? bodyErrors[type] : undefined;
  if (body) {
    const bound = typeof limit === 'number' ? ` (${limit} bytes)` : '';
    return new AppError(body.code, body.say + bound, { cause: thrown });
  }
  if (thrown instanceof URIError) {
    return new AppError('BadRequest', 'the path has a % that no two hex digits follow', { cause: thrown });
  }
  if (typeof status === 'number' && status >= 400 && status < 500) {
    return new AppError('BadRequest', 'the request could not be read', { status, cause: thrown });
  }
  return thrown;
}
