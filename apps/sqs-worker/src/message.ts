import type { Item } from '@scalelab/aws';

/** Attribute that carries the id under which the message's effect is stored. */
export const idAttribute = 'id';
export const traceAttribute = 'traceparent';

/** A message is a JSON object; anything else is refused by the API and put aside by the worker. */
export type MessageBody = { readonly [field: string]: unknown };

/** @throws TypeError for text that is not a JSON object. */
export function parseBody(text: string): MessageBody {
  const body: unknown = JSON.parse(text);
  if (!isMessageBody(body)) throw new TypeError(`the body is ${kindOf(body)}, allowed: a JSON object`);
  return body;
}

export function isMessageBody(value: unknown): value is MessageBody {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A value's kind in the words of JSON. */
export function kindOf(value: unknown): string {
  if (value === undefined) return 'missing';
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'an array';
  return typeof value === 'object' ? 'an object' : `a ${typeof value}`;
}

export interface Effect {
  readonly id: string;
  readonly body: MessageBody;
  readonly sentAtMs: number;
  readonly processedAtMs: number;
  readonly receiveCount: number;
  readonly traceparent: string | undefined;
}

/** The row that proves that a message was processed. `body` is kept as JSON text: cheaper to write and to read back unchanged. */
export function itemOf({ id, body, sentAtMs, processedAtMs, receiveCount, traceparent }: Effect): Item {
  return {
    id,
    body: JSON.stringify(body),
    sentAt: sentAtMs,
    processedAt: processedAtMs,
    receiveCount,
    ...(traceparent === undefined ? {} : { traceparent }),
  };
}
