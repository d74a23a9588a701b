import { decodeRecording, RecordingError, type Recording } from '@scalelab/recording';
import { badInput } from './command-error';
import { readText } from './input-file';
import type { Terminal } from './terminal';

/** A last line that breaks off is told and left out. @throws CommandError with file and line */
export function readRecording(file: string, { err }: Pick<Terminal, 'err'>): Recording {
  try {
    const { recording, errors, truncated } = decodeRecording(readText(file));
    const [first] = errors;
    if (first) throw badInput(`${file}:${first.line}: ${first.message}`);
    if (truncated) err(`scalelab: ${file}: the last line breaks off and was left out`);
    return recording;
  } catch (error) {
    if (!(error instanceof RecordingError)) throw error;
    const [, line, message] = /^line (\d+): (.*)$/s.exec(error.message) ?? [];
    throw badInput(`${file}:${line ?? 1}: ${message ?? error.message}`, error);
  }
}
