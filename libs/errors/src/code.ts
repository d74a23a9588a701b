/** Codes that any service may answer with. Libraries with failures of their own use a union of their own. */
export type ErrorCode = keyof typeof statusOf;

/** HTTP status of each code when the thrower names none. */
export const statusOf = {
  BadRequest: 400,
  BadJson: 400,
  Unauthorized: 401,
  Forbidden: 403,
  NotFound: 404,
  MethodNotAllowed: 405,
  Conflict: 409,
  BodyTooLarge: 413,
  UnsupportedMediaType: 415,
  UnprocessableContent: 422,
  TooManyRequests: 429,
  Internal: 500,
  BadConfig: 500,
  PortInUse: 500,
  CannotListen: 500,
  UpstreamFailed: 502,
  Unavailable: 503,
  UpstreamTimeout: 504,
} as const;

export function statusForCode(code: string): number {
  return Object.hasOwn(statusOf, code) ? statusOf[code as ErrorCode] : 500;
}
