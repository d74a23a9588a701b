import type { KafkaMessage } from 'kafkajs';
import type { KafkaRecord } from '../consumer';

/** A record over kafkajs' message. Headers are decoded when they are looked at: most handlers never do. */
export class FetchedRecord implements KafkaRecord {
  readonly key: string | null;
  private decoded: Record<string, string> | undefined;

  constructor(
    readonly topic: string,
    readonly partition: number,
    private readonly message: KafkaMessage,
  ) {
    this.key = message.key === null ? null : message.key.toString();
  }

  get offset(): string {
    return this.message.offset;
  }

  get value(): Buffer | null {
    return this.message.value;
  }

  get timestampMs(): number {
    return Number(this.message.timestamp);
  }

  get headers(): Readonly<Record<string, string>> {
    this.decoded ??= Object.fromEntries(
      Object.entries(this.message.headers ?? {}).flatMap(([name, value]) => {
        const first = Array.isArray(value) ? value[0] : value;
        return first === undefined ? [] : [[name, first.toString()]];
      }),
    );
    return this.decoded;
  }

  /** As kafkajs' producer takes it, for the dead-letter topic. */
  get original(): Pick<KafkaMessage, 'key' | 'value' | 'headers'> {
    return {
      key: this.message.key,
      value: this.message.value,
      ...(this.message.headers && { headers: this.message.headers }),
    };
  }
}
