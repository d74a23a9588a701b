/** Kubernetes' time: RFC 3339 in whole seconds. */
export function apiTime(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 19)}Z`;
}

/** Milliseconds since the epoch; NaN for what is absent or no time. */
export function timeMs(text: string | undefined): number {
  return text === undefined ? NaN : Date.parse(text);
}
