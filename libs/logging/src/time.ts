let lastMs = -1;
let lastText = '';

/** The time now as RFC 3339 in UTC; the text is made once a millisecond, since busy services log many lines in one. */
export function timestamp(): string {
  const now = Date.now();
  if (now !== lastMs) {
    lastMs = now;
    lastText = new Date(now).toISOString();
  }
  return lastText;
}
