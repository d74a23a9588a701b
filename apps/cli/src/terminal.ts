/** Where a command writes: results to `out`, progress and errors to `err`. */
export interface Terminal {
  out(line: string): void;
  err(line: string): void;
  /** Redraws one line of standard error; nothing when that is no terminal. */
  progress(text: string): void;
  /** Columns of standard output; 100 when it is no terminal. */
  readonly width: number;
  /** Only ASCII: the locale is not UTF-8. */
  readonly ascii: boolean;
}

const widthOfFiles = 100;

/** Lines of whole text: a closed pipe (`scalelab ... | head`) ends the process quietly, as it does other tools. */
export function processTerminal(): Terminal {
  const { stdout, stderr, env } = process;
  stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(0);
    throw error;
  });
  let drawn = false;
  const clear = (): void => {
    if (drawn) stderr.write('\r\u001b[K');
    drawn = false;
  };
  return {
    out: (line) => {
      clear();
      stdout.write(`${line}\n`);
    },
    err: (line) => {
      clear();
      stderr.write(`${line}\n`);
    },
    progress: (text) => {
      if (!stderr.isTTY) return;
      clear();
      if (text === '') return;
      stderr.write(text.slice(0, Math.max(20, (stderr.columns || widthOfFiles) - 1)));
      drawn = true;
    },
    width: Math.max(40, Math.min(160, stdout.isTTY ? stdout.columns : widthOfFiles)),
    ascii: /^(C|POSIX)$/.test(env.LC_ALL ?? env.LC_CTYPE ?? env.LANG ?? ''),
  };
}
