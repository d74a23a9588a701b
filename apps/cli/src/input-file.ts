import { readFileSync, writeFileSync } from 'node:fs';
import { badInput, CommandError } from './command-error';

const reasons: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  EACCES: 'no permission',
  EISDIR: 'is a folder, a file is needed',
  ENOTDIR: 'a part of the path is no folder',
};

export function reasonOf(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  return reasons[code] ?? (code || String(error));
}

/** `-` is standard input. @throws CommandError that names the file and why */
export function readText(file: string): string {
  try {
    return readFileSync(file === '-' ? 0 : file, 'utf8');
  } catch (error) {
    throw badInput(`${file}: cannot be read: ${reasonOf(error)}`, error);
  }
}

/** @throws CommandError that names the file and why */
export function writeText(file: string, text: string): void {
  try {
    writeFileSync(file, text);
  } catch (error) {
    throw new CommandError('NotWritten', `${file}: cannot be written: ${reasonOf(error)}`, { cause: error });
  }
}
