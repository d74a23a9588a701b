import type { Arguments, Options } from './arguments';
import type { Terminal } from './terminal';

/** One subcommand of `scalelab`. */
export interface Command {
  readonly name: string;
  /** What stands behind the name, for example `DIR`. */
  readonly operands: string;
  /** One line. */
  readonly about: string;
  readonly options: Options;
  /** Lines of the help text below the options: formats, an example. */
  readonly notes?: readonly string[];
  /**
   * Gives the exit code: 0 all is well, 1 the command ran and found something (a failing case, an error of lint).
   * @throws CommandError: exit code 2
   */
  run(args: Arguments, terminal: Terminal): number | Promise<number>;
}
