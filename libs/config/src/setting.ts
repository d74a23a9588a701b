import * as z from 'zod/mini';
import { Secret } from './secret';

/** One environment variable: text in (or nothing), a typed value out. */
export type Setting<T> = z.ZodMiniType<T, string | undefined>;

/** Without a default the variable must be set. */
export interface Default<T> {
  readonly default?: T;
}

export interface Range {
  /** Inclusive. */
  readonly min?: number;
  /** Inclusive. */
  readonly max?: number;
}

/** `read` answers undefined for text that is not allowed; `allowed` completes the sentence "allowed: ...". */
function setting<T>(
  allowed: string,
  read: (text: string) => T | undefined,
  fallback: T | undefined,
): Setting<T> {
  const parsed = z.pipe(
    z.string({ error: allowed }),
    z.transform((text: string, context): T => {
      const value = read(text);
      if (value !== undefined) return value;
      context.issues.push({ code: 'custom', message: allowed, input: text });
      return z.NEVER;
    }),
  );
  return fallback === undefined ? parsed : z._default(parsed, () => fallback as never);
}

function numberBetween(unit: string, { min = 0, max = Number.MAX_SAFE_INTEGER }: Range, fallback?: number) {
  const upper = max === Number.MAX_SAFE_INTEGER ? ` ${min} or more` : ` from ${min} to ${max}`;
  return setting(
    `an integer${unit}${upper}`,
    (text) => {
      if (!/^[+-]?\d+$/.test(text.trim())) return undefined;
      const value = Number(text);
      return Number.isSafeInteger(value) && value >= min && value <= max ? value : undefined;
    },
    fallback,
  );
}

/** A whole number; default range: 0 and more. */
export function int(options: Default<number> & Range = {}): Setting<number> {
  return numberBetween('', options, options.default);
}

/** A duration as a whole number of milliseconds; default range: 0 to one day. */
export function ms(options: Default<number> & Range = {}): Setting<number> {
  return numberBetween(' of milliseconds', { max: 86_400_000, ...options }, options.default);
}

/** A TCP port; 0 asks the system for a free one. */
export function port(options: Default<number> = {}): Setting<number> {
  return numberBetween('', { min: 0, max: 65_535 }, options.default);
}

/** A decimal number; default range: 0 and more. */
export function decimal(options: Default<number> & Range = {}): Setting<number> {
  const { min = 0, max = Number.MAX_VALUE } = options;
  const upper = max === Number.MAX_VALUE ? ` ${min} or more` : ` from ${min} to ${max}`;
  return setting(
    `a number${upper}`,
    (text) => {
      const value = Number(text);
      return /^[+-]?(\d+\.?\d*|\.\d+)$/.test(text.trim()) && value >= min && value <= max ? value : undefined;
    },
    options.default,
  );
}

/** `true`, `false`, `1` or `0`. */
export function bool(options: Default<boolean> = {}): Setting<boolean> {
  const words: Readonly<Record<string, boolean>> = { true: true, '1': true, false: false, '0': false };
  return setting('true, false, 1 or 0', (text) => words[text.trim().toLowerCase()], options.default);
}

/** Text that is not empty; `pattern` is explained by `allowed`. */
export function text(
  options: Default<string> & { readonly pattern?: RegExp; readonly allowed?: string } = {},
): Setting<string> {
  const allowed = options.allowed ?? (options.pattern ? `text like ${options.pattern.source}` : 'text');
  return setting(
    allowed,
    (given) => (options.pattern?.test(given) === false ? undefined : given),
    options.default,
  );
}

export function oneOf<const T extends string>(
  values: readonly T[],
  options: Default<NoInfer<T>> = {},
): Setting<T> {
  return setting(
    `one of ${values.join(', ')}`,
    (given) => values.find((value) => value === given),
    options.default,
  );
}

/** An absolute URL, kept as it was given; default protocols: http and https. */
export function url(
  options: Default<string> & { readonly protocols?: readonly string[] } = {},
): Setting<string> {
  const protocols = options.protocols ?? ['http', 'https'];
  const check = z.url();
  return setting(
    `an absolute URL that begins with ${protocols.map((p) => `${p}://`).join(' or ')}`,
    (given) => {
      const begins = protocols.some((protocol) => given.toLowerCase().startsWith(`${protocol}://`));
      return begins && check.safeParse(given).success ? given : undefined;
    },
    options.default,
  );
}

/** Items between commas, trimmed, empty ones dropped; default: at least one item. */
export function list(
  options: Default<readonly string[]> & {
    readonly min?: number;
    readonly item?: RegExp;
    readonly allowed?: string;
  } = {},
): Setting<readonly string[]> {
  const { min = 1, item } = options;
  return setting(
    options.allowed ?? `a list with commas of ${min} or more items${item ? ` like ${item.source}` : ''}`,
    (given) => {
      const items = given.split(',').flatMap((part) => part.trim() || []);
      return items.length >= min && items.every((part) => item?.test(part) ?? true) ? items : undefined;
    },
    options.default,
  );
}

/** Text that must never be shown: comes out as a `Secret`. */
export function secret(options: { readonly minLength?: number } = {}): Setting<Secret> {
  const { minLength = 1 } = options;
  return setting(
    `a secret of ${minLength} or more characters`,
    (given) => (given.length >= minLength ? new Secret(given) : undefined),
    undefined,
  );
}

/** The variable may be missing; the value is then undefined. */
export function optional<T>(of: Setting<T>): Setting<T | undefined> {
  return z.optional(of);
}
