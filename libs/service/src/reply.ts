/** An answer of a hot route, of a probe or of an error. */
export interface Reply {
  readonly status: number;
  /** Content type with charset. */
  readonly type: string;
  readonly body: string;
  /** More headers, lower case. */
  readonly headers?: Readonly<Record<string, string>>;
}

export function textReply(body: string, status = 200): Reply {
  return { status, type: 'text/plain; charset=utf-8', body };
}

export function jsonReply(value: unknown, status = 200, type = 'application/json; charset=utf-8'): Reply {
  return { status, type, body: JSON.stringify(value) };
}
