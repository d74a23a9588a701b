/** Where an answer first departs from the recorded one. */
export interface KedaDifference {
  /** Path inside the case, for example `ticks[3].replicasAfter`. */
  readonly at: string;
  readonly expected: unknown;
  readonly got: unknown;
}

/** First difference of two plain values; undefined and absent are the same. */
export function firstDifference(at: string, expected: unknown, got: unknown): KedaDifference | undefined {
  if (Object.is(expected, got)) return undefined;
  if (Array.isArray(expected) && Array.isArray(got)) {
    for (let i = 0; i < Math.max(expected.length, got.length); i++) {
      const difference = firstDifference(`${at}[${i}]`, expected[i], got[i]);
      if (difference) return difference;
    }
    return undefined;
  }
  if (isRecord(expected) && isRecord(got)) {
    for (const key of new Set([...Object.keys(expected), ...Object.keys(got)])) {
      const difference = firstDifference(`${at}.${key}`, expected[key], got[key]);
      if (difference) return difference;
    }
    return undefined;
  }
  return { at, expected, got };
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/**
 * Where the text of a library of Go begins: number, JSON, YAML and selector parsing, the HTTP client, Kafka's and AWS'
 * clients, the formula language's compiler, `%v` of a map. From there on an implementation may say it in its own words.
 */
const libraryText = [
  /(?<=error validating formula in ScalingModifiers\n)[^]*\n \| /,
  /(?<=error trying to run custom formula: )./,
  /strconv\.\w+: /,
  /json: /,
  /yaml: /,
  /xml: /,
  /invalid character /,
  /unexpected end of JSON input/,
  /Get "/,
  /kafka server: /,
  /operation error /,
  /\d+:\d+: parse error: /,
  /text format parsing error/,
  /found '/,
  /unable to parse requirement: /,
  /unknown type map/,
  /XML syntax error/,
  /\bEOF\b/,
  /time: /,
  /duration cannot be negative/,
  /map\[/,
  /failed to parse typed config/,
  /unexpected GroupVersion string/,
];

/** The part of an error text that is KEDA's own. */
export function ownText(text: string): string {
  const starts = libraryText.map((pattern) => text.search(pattern)).filter((at) => at >= 0);
  return starts.length > 0 ? text.slice(0, Math.min(...starts)) : text;
}

/** Errors agree when KEDA's own words do. */
export function sameError(expected: string | undefined, got: string | undefined): boolean {
  if (expected === undefined || got === undefined) return expected === got;
  if (expected === got) return true;
  const own = ownText(expected);
  return own !== expected && got.startsWith(own);
}

export function errorDifference(
  at: string,
  expected: string | undefined,
  got: string | undefined,
): KedaDifference | undefined {
  return sameError(expected, got) ? undefined : { at, expected, got };
}
