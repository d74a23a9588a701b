import type { AnyApi, Api } from '../protocol/api';
import type { ByteReader } from '../protocol/byte-reader';
import { ByteWriter } from '../protocol/byte-writer';
import type { Coding, Decoded, Encodable, Type } from '../protocol/schema';
import type { BrokerContext, Call } from './context';

/** The answer's bytes, or undefined when none is due. */
export type Answer = ByteWriter | undefined;

export interface Route {
  readonly api: AnyApi;
  answer(body: ByteReader, coding: Coding, call: Call, context: BrokerContext): Answer | Promise<Answer>;
}

/** Binds an API to its handler. A handler may answer later, or with undefined to send nothing. */
export function route<Request extends Type<unknown, never>, Response extends Type<unknown, never>>(
  api: Api<Request, Response>,
  handler: (
    request: Decoded<Request>,
    context: BrokerContext,
    call: Call,
  ) => Encodable<Response> | undefined | Promise<Encodable<Response> | undefined>,
): Route {
  const encode = (response: Encodable<Response> | undefined, coding: Coding): Answer => {
    if (response === undefined) return undefined;
    const writer = new ByteWriter();
    api.response.write(writer, response as never, coding);
    return writer;
  };
  return {
    api,
    answer(body, coding, call, context) {
      const request = api.request.read(body, coding) as Decoded<Request>;
      const response = handler(request, context, call);
      return response instanceof Promise
        ? response.then((settled) => encode(settled, coding))
        : encode(response, coding);
    },
  };
}
