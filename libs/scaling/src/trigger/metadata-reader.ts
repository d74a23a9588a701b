import { unmarshalNumber } from '../go/json';
import { parseBool, quote } from '../go/text';
import { parseDurationMs } from '../go/duration';
import { type TriggerContext } from './trigger';

/** Where a parameter is looked up, in that order. */
export type ParameterSource = 'triggerMetadata' | 'resolvedEnv' | 'authParams';

export interface ParameterOptions {
  /** Default: the metadata alone. */
  readonly from?: readonly ParameterSource[];
  readonly optional?: boolean;
  /** Taken when the parameter is missing or blank. */
  readonly default?: string;
  readonly oneOf?: readonly string[];
  /** Of these values (in a list) at most one may be there. */
  readonly exclusive?: readonly string[];
  /** Other names of the same parameter. */
  readonly aliases?: readonly string[];
}

/**
 * Reads trigger metadata field by field as KEDA's declarative scalers do: blank means missing, the order of sources
 * counts, and all complaints are collected and given together, one a line, in the order of the fields.
 */
export class MetadataReader {
  private readonly complaints: string[] = [];

  constructor(
    private readonly metadata: Readonly<Record<string, string>>,
    private readonly context: TriggerContext,
  ) {}

  text(name: string, options: ParameterOptions = {}): string {
    return this.lookUp(name, options) ?? '';
  }

  int64(name: string, options: ParameterOptions = {}): bigint {
    return this.convert(name, options, 0n, (text) => BigInt(this.unmarshal(text, 'int64')));
  }

  float64(name: string, options: ParameterOptions = {}): number {
    return this.convert(name, options, 0, (text) => Number(this.unmarshal(text, 'float64')));
  }

  bool(name: string, options: ParameterOptions = {}): boolean {
    return this.convert(name, options, false, (text) => {
      try {
        return parseBool(text);
      } catch (error) {
        throw new Error(`unable to parse boolean value ${quote(text)}: ${(error as Error).message}`, {
          cause: error,
        });
      }
    });
  }

  /** Milliseconds: a Go duration ("30s") or a bare number of milliseconds. */
  durationMs(name: string, options: ParameterOptions = {}): number {
    return this.convert(name, options, 0, (text) => {
      const ms = parseDurationMs(text) ?? (/^[+-]?\d+$/.test(text) ? Number(text) : undefined);
      if (ms === undefined) {
        throw new Error(
          `unable to parse duration value ${quote(text)}: must be either a duration string (e.g. '30s', '5m') or a number of milliseconds`,
        );
      }
      if (ms >= 0) return ms;
      throw new Error(
        parseDurationMs(text) === undefined
          ? `duration cannot be negative: ${ms} milliseconds`
          : `duration cannot be negative: ${quote(text)}`,
      );
    });
  }

  /** "a=b,c=d". */
  pairs(name: string, options: ParameterOptions = {}): ReadonlyMap<string, string> {
    return this.convert(name, options, new Map<string, string>(), (text) => {
      const pairs = new Map<string, string>();
      for (const part of text.split(',')) {
        const pair = part.trim();
        const [key, value, ...more] = pair.split('=');
        if (key === undefined || value === undefined || more.length > 0) {
          throw new Error(`expected format key=value, got ${quote(pair)}`);
        }
        pairs.set(key.trim(), value.trim());
      }
      return pairs;
    });
  }

  /** Refuses a parameter that was given up. `notice` is KEDA's text. */
  deprecated(name: string, scaler: string, notice: string): void {
    if (this.find(name, {}) !== undefined) this.complain(`scaler ${scaler} info: ${notice}`);
  }

  complain(message: string): void {
    this.complaints.push(message);
  }

  /** All complaints in one text, undefined when there are none. */
  error(): string | undefined {
    return this.complaints.length > 0 ? this.complaints.join('\n') : undefined;
  }

  private unmarshal(text: string, goType: 'int64' | 'float64'): number | bigint {
    try {
      return unmarshalNumber(text, goType);
    } catch (error) {
      throw new Error(`unable to unmarshal to field type ${goType}: ${(error as Error).message}`, {
        cause: error,
      });
    }
  }

  private convert<T>(name: string, options: ParameterOptions, zero: T, read: (text: string) => T): T {
    const text = this.lookUp(name, options);
    if (text === undefined) return zero;
    try {
      return read(text);
    } catch (error) {
      const names = [name, ...(options.aliases ?? [])].join(',');
      this.complain(`unable to set param ${quote(names)} value ${quote(text)}: ${(error as Error).message}`);
      return zero;
    }
  }

  private lookUp(name: string, options: ParameterOptions): string | undefined {
    const names = [name, ...(options.aliases ?? [])].join(',');
    const text = this.find(name, options) ?? options.default;
    if (text === undefined) {
      if (!options.optional) {
        this.complain(
          `missing required parameter ${quote(names)} in [${(options.from ?? ['triggerMetadata']).join(' ')}]`,
        );
      }
      return undefined;
    }
    if (options.oneOf && !text.split(',').every((part) => options.oneOf?.includes(part.trim()))) {
      this.complain(
        `parameter ${quote(names)} value ${quote(text)} must be one of [${options.oneOf.join(' ')}]`,
      );
      return undefined;
    }
    if (
      options.exclusive &&
      text.split(',').filter((part) => options.exclusive?.includes(part.trim())).length > 1
    ) {
      this.complain(
        `parameter ${quote(names)} value ${quote(text)} must contain only one of [${options.exclusive.join(' ')}]`,
      );
      return undefined;
    }
    return text;
  }

  private find(name: string, options: ParameterOptions): string | undefined {
    for (const source of options.from ?? ['triggerMetadata']) {
      for (const key of [name, ...(options.aliases ?? [])]) {
        const text = this.read(source, key)?.trim();
        if (text) return text;
      }
    }
    return undefined;
  }

  private read(source: ParameterSource, key: string): string | undefined {
    if (source === 'triggerMetadata') return this.metadata[key];
    if (source === 'authParams') return this.context.authParams?.[key];
    return this.context.env?.[this.metadata[`${key}FromEnv`] ?? ''];
  }
}
