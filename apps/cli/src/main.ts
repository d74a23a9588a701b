import { nearest } from '@scalelab/manifests';
import { readArguments } from './arguments';
import type { Command } from './command';
import { CommandError, firstLine, usageError } from './command-error';
import { conform } from './conform';
import { replay } from './replay';
import { simulate } from './simulate';
import { lint } from './lint';
import { processTerminal } from './terminal';
import { commandUsage, usageText } from './usage';

const commands: readonly Command[] = [simulate, lint, replay, conform];

async function run(argv: readonly string[]): Promise<number> {
  const terminal = processTerminal();
  const [name, ...rest] = argv;
  if (name === undefined || name === 'help' || name === '--help' || name === '-h') {
    terminal.out(usageText(commands));
    return name === undefined ? 2 : 0;
  }
  const command = commands.find((known) => known.name === name);
  if (!command) {
    const close = nearest(
      name,
      commands.map((known) => known.name),
    );
    const hint = close === undefined ? '' : `; did you mean "${close}"?`;
    throw usageError(`unknown command "${name}"${hint} (scalelab --help lists them)`);
  }
  if (rest.includes('--help') || rest.includes('-h')) {
    terminal.out(commandUsage(command));
    return 0;
  }
  return command.run(readArguments(command.name, command.options, rest), terminal);
}

run(process.argv.slice(2)).then(
  (code) => {
    process.exitCode = code;
  },
  (error: unknown) => {
    const known = error instanceof CommandError;
    const text = known ? error.message : `internal error, please report it: ${firstLine(error)}`;
    process.stderr.write(`scalelab: ${text}\n`);
    if (!known && process.env.SCALELAB_DEBUG === '1')
      process.stderr.write(`${String(error instanceof Error ? error.stack : error)}\n`);
    process.exitCode = known ? 2 : 70;
  },
);
