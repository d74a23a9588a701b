import { describe } from '@scalelab/manifests';
import {
  recordingVersion,
  type CoreShapes,
  type HeaderLine,
  type Recording,
  type RecordingLine,
  type ScalingShapes,
  type TimedLine,
} from './line';
import { lineFields, misfit } from './line-fields';

export interface LineError {
  /** From 1. */
  readonly line: number;
  readonly message: string;
}

/** The text is no recording: its first line is missing or is not a header that this version reads. */
export class RecordingError extends Error {
  override readonly name = 'RecordingError';
  readonly code = 'BadRecording';
}

export interface DecodedRecording<C extends CoreShapes = ScalingShapes> {
  readonly recording: Recording<C>;
  /** Lines that were left out, in order. */
  readonly errors: readonly LineError[];
  /** The last line breaks off, as it does when the writer was killed; it was left out. */
  readonly truncated: boolean;
}

function restoreNumber(_key: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if ('$int' in value && typeof value.$int === 'string') return BigInt(value.$int);
  if ('$float' in value && typeof value.$float === 'string') return Number(value.$float);
  return value;
}

function hasKind(value: object): value is { readonly kind: string } {
  return 'kind' in value && typeof value.kind === 'string';
}

function knownKind(kind: string): kind is RecordingLine['kind'] {
  return Object.hasOwn(lineFields, kind);
}

/**
 * Reads one line.
 * @throws RecordingError naming the field and what it must be
 */
export function decodeLine<C extends CoreShapes = ScalingShapes>(text: string): RecordingLine<C> {
  let value: unknown;
  try {
    value = JSON.parse(text, text.includes('"$') ? restoreNumber : undefined);
  } catch (cause) {
    throw new RecordingError(`is not JSON: ${cause instanceof Error ? cause.message : String(cause)}`, {
      cause,
    });
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new RecordingError(`must be a map, got ${describe(value)}`);
  if (!hasKind(value) || !knownKind(value.kind)) {
    const kind: unknown = Reflect.get(value, 'kind');
    throw new RecordingError(
      `kind must be one of ${Object.keys(lineFields).join(', ')}, got ${describe(kind)}`,
    );
  }
  for (const [name, type] of Object.entries(lineFields[value.kind])) {
    const field: unknown = Reflect.get(value, name);
    const wanted = misfit(field, type);
    if (wanted) {
      throw new RecordingError(
        `${value.kind}.${name} must be ${wanted}, got ${field === undefined ? 'nothing' : describe(field)}`,
      );
    }
  }
  return asLine<C>(value);
}

/** The table of fields has just been checked; shapes of the core inside are as their writer left them. */
function asLine<C extends CoreShapes>(value: object): RecordingLine<C> {
  return value as RecordingLine<C>;
}

function decodeHeader(text: string): HeaderLine {
  const line = decodeLine(text);
  if (line.kind !== 'header')
    throw new RecordingError(`line 1: must be the header, got a line of kind ${line.kind}`);
  if (line.version > recordingVersion) {
    throw new RecordingError(
      `line 1: version ${line.version} is newer than the newest that is read here (${recordingVersion})`,
    );
  }
  return line;
}

/**
 * Reads a whole recording. A bad line is left out and reported; a last line without its line feed counts as broken off.
 * @throws RecordingError when there is no usable header
 */
export function decodeRecording<C extends CoreShapes = ScalingShapes>(text: string): DecodedRecording<C> {
  const rows = text.split('\n');
  const rest = rows.pop() ?? '';
  const first = rows[0];
  if (first === undefined) throw new RecordingError('line 1: there is no header line');
  const lines: TimedLine<C>[] = [];
  const errors: LineError[] = [];
  const header = at(1, () => decodeHeader(first));
  rows.forEach((row, i) => {
    if (i === 0 || row.trim() === '') return;
    try {
      const line = decodeLine<C>(row);
      if (line.kind === 'header') throw new RecordingError('a second header');
      lines.push(line);
    } catch (error) {
      if (!(error instanceof RecordingError)) throw error;
      errors.push({ line: i + 1, message: error.message });
    }
  });
  lines.sort((a, b) => a.t - b.t);
  return { recording: { header, lines }, errors, truncated: rest.trim() !== '' };
}

function at<T>(line: number, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof RecordingError) || error.message.startsWith('line ')) throw error;
    throw new RecordingError(`line ${line}: ${error.message}`, { cause: error });
  }
}
