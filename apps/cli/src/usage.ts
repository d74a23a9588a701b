import type { Options } from './arguments';
import type { Command } from './command';

const row = (left: string, about: string): string => `  ${left.padEnd(30)} ${about}`;

export function usageText(commands: readonly Command[]): string {
  return [
    'usage: scalelab COMMAND [options]',
    '',
    ...commands.map(({ name, operands, about }) => row(`${name} ${operands}`, about)),
    '',
    'scalelab COMMAND --help says more. Exit codes: 0 all is well, 1 something was found, 2 the command could not be run.',
  ].join('\n');
}

export function commandUsage({ name, operands, about, options, notes = [] }: Command): string {
  return [
    `usage: scalelab ${name} ${operands}`,
    about,
    '',
    ...optionRows(options),
    ...(notes.length > 0 ? ['', ...notes] : []),
  ].join('\n');
}

function optionRows(options: Options): string[] {
  return Object.entries(options).map(([name, { short, value, about, multiple }]) =>
    row(
      `${short === undefined ? '    ' : `-${short}, `}--${name}${value === undefined ? '' : ` ${value}`}${multiple ? ' ...' : ''}`,
      about,
    ),
  );
}
