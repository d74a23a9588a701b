import type { Type } from './schema';

/** One request and response pair of the protocol. */
export interface Api<Request extends Type<unknown, never>, Response extends Type<unknown, never>> {
  readonly name: string;
  /** The API key of the wire. */
  readonly key: number;
  /** Lowest and highest version that the broker answers. */
  readonly versions: readonly [lowest: number, highest: number];
  /** First version with compact lengths and tagged fields; Infinity for none. */
  readonly flexibleFrom: number;
  readonly request: Request;
  readonly response: Response;
}

export type AnyApi = Api<Type<unknown, never>, Type<unknown, never>>;

export function defineApi<Request extends Type<unknown, never>, Response extends Type<unknown, never>>(
  api: Api<Request, Response>,
): Api<Request, Response> {
  return api;
}
