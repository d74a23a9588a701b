import { parseArgs } from 'node:util';
import { nearest } from '@scalelab/manifests';
import { usageError } from './command-error';

export interface Option {
  readonly type: 'string' | 'boolean';
  readonly short?: string;
  /** May be given several times; its values are a list. */
  readonly multiple?: boolean;
  /** How the value is written in the usage text, for example `FILE`. */
  readonly value?: string;
  /** One line: what it does, unit and default. */
  readonly about: string;
}
export type Options = Readonly<Record<string, Option>>;

/** Options as given. Asking for one by the wrong type is an error of the program. */
export class Arguments {
  constructor(
    private readonly values: Readonly<Record<string, unknown>>,
    readonly positionals: readonly string[],
  ) {}

  text(name: string): string | undefined {
    const value = this.values[name];
    return typeof value === 'string' ? value : undefined;
  }

  texts(name: string): readonly string[] {
    const value = this.values[name];
    return Array.isArray(value) ? value.map(String) : [];
  }

  flag(name: string): boolean {
    return this.values[name] === true;
  }
}

/** @throws CommandError that names the option, and the nearest right one */
export function readArguments(command: string, options: Options, argv: readonly string[]): Arguments {
  for (const arg of argv) {
    if (arg === '--') break;
    const name = /^--([^=]+)/.exec(arg)?.[1];
    const letter = /^-([^-])/.exec(arg)?.[1];
    const known =
      name !== undefined
        ? Object.hasOwn(options, name)
        : letter === undefined || Object.values(options).some(({ short }) => short === letter);
    if (known) continue;
    const close = name === undefined ? undefined : nearest(name, Object.keys(options));
    throw usageError(
      `${command}: unknown option ${arg}${close === undefined ? '' : `; did you mean --${close}?`} (scalelab ${command} --help lists them)`,
    );
  }
  try {
    const { values, positionals } = parseArgs({
      args: [...argv],
      options: Object.fromEntries(
        Object.entries(options).map(([name, { type, short, multiple }]) => [
          name,
          { type, ...(short === undefined ? {} : { short }), ...(multiple ? { multiple } : {}) },
        ]),
      ),
      allowPositionals: true,
    });
    return new Arguments(values, positionals);
  } catch (error) {
    const text = error instanceof Error ? error.message : String(error);
    throw usageError(`${command}: ${text.split(/\.\s|\n/, 1)[0]} (scalelab ${command} --help)`);
  }
}
