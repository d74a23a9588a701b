import { nearest } from '@scalelab/manifests';
import { readArguments } from './arguments';
import type { Command } from './command';
import { CommandError, usageError } from './command-error';
import { conform } from './conform';
import { processTerminal } from './terminal';
import { commandUsage, usageText } from './usage';

const commands: readonly Command[] = [conform];

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
    if (!(error instanceof CommandError)) throw error;
    process.stderr.write(`scalelab: ${error.message}\n`);
    process.exitCode = 2;
  },
);
