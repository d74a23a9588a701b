import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

interface Key {
  readonly path: string;
  readonly changed: boolean;
}

export interface Coverage {
  readonly keys: readonly Key[];
  readonly documents: readonly string[];
}

/** Runs coverage.mjs, or says why not and gives undefined. */
export async function coverage(...args: string[]): Promise<Coverage | undefined> {
  const { stdout } = await run(process.execPath, [join(__dirname, 'coverage.mjs'), ...args], {
    maxBuffer: 64 << 20,
  });
  const result = JSON.parse(stdout) as Coverage | { readonly skipped: string };
  if ('skipped' in result) {
    process.stdout.write(`skipped: ${result.skipped}\n`);
    return undefined;
  }
  return result;
}

export const charts = [
  'backend-api',
  'data-api',
  'emulators',
  'health-check',
  'http-demo',
  'kafka-consumer',
  'sqs-worker',
];
