import { randomUUID } from 'node:crypto';
import { AppError } from '@scalelab/errors';
import type { KafkaProducer } from '@scalelab/kafka';

export interface ProduceRequest {
  readonly count: number;
  readonly key: string | null;
  readonly value: Readonly<Record<string, unknown>>;
}

const most = 10_000;

/** @throws AppError BadRequest naming each wrong field, what was given and what is allowed */
export function readProduceRequest(body: unknown): ProduceRequest {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) {
    throw new AppError(
      'BadRequest',
      `the body is ${kind(body)}; a JSON object {count, key, value} is allowed`,
      { expose: true },
    );
  }
  const { count = 1, key = null, value = {}, ...rest } = body as Record<string, unknown>;
  const wrong: string[] = [];
  if (!Number.isInteger(count) || Number(count) < 1 || Number(count) > most)
    wrong.push(`count is ${kind(count)}; a whole number from 1 to ${most} is allowed`);
  if (key !== null && typeof key !== 'string') wrong.push(`key is ${kind(key)}; a string is allowed`);
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    wrong.push(`value is ${kind(value)}; a JSON object is allowed`);
  for (const name of Object.keys(rest)) wrong.push(`${name} is unknown; count, key and value are allowed`);
  if (wrong.length > 0) throw new AppError('BadRequest', wrong.join('; '), { expose: true });
  return { count: Number(count), key: key as string | null, value: value as Record<string, unknown> };
}

/** Produces the records, each with an id of its own in the `id` header. Resolves to the ids once the broker has them all. */
export async function produce(
  producer: KafkaProducer,
  topic: string,
  { count, key, value }: ProduceRequest,
): Promise<string[]> {
  const text = JSON.stringify(value);
  const ids = Array.from({ length: count }, () => randomUUID());
  try {
    await producer.send(
      topic,
      ids.map((id) => ({ key, value: text, headers: { id } })),
    );
  } catch (cause) {
    throw new AppError('UpstreamFailed', `Kafka did not take the records: ${(cause as Error).message}`, {
      cause,
      expose: true,
    });
  }
  return ids;
}

function kind(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'an array';
  return typeof value === 'object' ? 'an object' : `the ${typeof value} ${JSON.stringify(value)}`;
}
