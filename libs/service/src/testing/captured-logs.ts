import type { LogDestination } from '@scalelab/logging';

/** A destination that keeps what is logged. */
export interface CapturedLogs {
  readonly destination: LogDestination;
  /** Everything logged so far, parsed. */
  lines(): Record<string, unknown>[];
  /** Lines with this `msg`. */
  of(msg: string): Record<string, unknown>[];
}

export function capturedLogs(): CapturedLogs {
  const written: string[] = [];
  const lines = () => written.map((line) => JSON.parse(line) as Record<string, unknown>);
  return {
    destination: { write: (line) => void written.push(line) },
    lines,
    of: (msg) => lines().filter((line) => line.msg === msg),
  };
}
