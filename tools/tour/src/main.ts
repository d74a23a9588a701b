import { join } from 'node:path';
import { LabFailed } from './lab-process';
import { parseOptions, usage, UsageError } from './options';
import { plans } from './plans';
import { run } from './run';
import { TourBlocked } from './tour';

const root = join(__dirname, '..', '..', '..');

async function main(): Promise<number> {
  const options = parseOptions(
    process.argv.slice(2),
    plans.map(({ name }) => name),
  );
  if (options.help) {
    process.stdout.write(usage);
    return 0;
  }
  return run(options, { root, env: process.env, stdout: process.stdout });
}

main().then(
  (code) => process.exit(code),
  (error: unknown) => {
    const known = error instanceof UsageError || error instanceof LabFailed || error instanceof TourBlocked;
    process.stderr.write(`scalelab: ${known ? error.message : ((error as Error).stack ?? String(error))}\n`);
    process.exit(error instanceof UsageError ? 2 : error instanceof LabFailed ? error.exitCode : 1);
  },
);
