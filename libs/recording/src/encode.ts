import type { CoreShapes, Recording, RecordingLine } from './line';

/**
 * JSON has no integers past 2^53, no NaN and no infinity; decisions have all three. They are kept as `{"$int": "..."}` and
 * `{"$float": "..."}`.
 */
function keepNumber(_key: string, value: unknown): unknown {
  if (typeof value === 'bigint') return { $int: value.toString() };
  if (typeof value === 'number' && !Number.isFinite(value)) return { $float: String(value) };
  return value;
}

/** One line of a recording, with its line feed. */
export function encodeLine<C extends CoreShapes>(line: RecordingLine<C>): string {
  return `${JSON.stringify(line, keepNumber)}\n`;
}

export function encodeRecording<C extends CoreShapes>(recording: Recording<C>): string {
  return encodeLine(recording.header) + recording.lines.map((line) => encodeLine(line)).join('');
}
