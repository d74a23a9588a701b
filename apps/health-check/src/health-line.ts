import type { CheckResult } from './check';

/** `<RFC 3339> PASS|FAIL <name> <url> <status> <ms>ms <reason>`; status is `-` when there was no answer. */
export function healthLine(result: CheckResult, nowMs: number): string {
  const { name, url, passed, status, ms, reason } = result;
  const oneLine = reason.replace(/\s+/g, ' ').trim();
  return `${new Date(nowMs).toISOString()} ${passed ? 'PASS' : 'FAIL'} ${name} ${url} ${status ?? '-'} ${ms}ms ${oneLine}`;
}
