import { chmodSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** What a fake program saw. */
export interface Call {
  readonly program: string;
  readonly argv: readonly string[];
  readonly stdin: string;
  /** Names only: values are none of a test's business but for secrets, which it looks for in everything else. */
  readonly env: readonly string[];
}

/** What a fake program does with the calls whose arguments, joined by spaces, match a shell pattern. The last rule that matches wins. */
export interface Rule {
  readonly program: string;
  readonly when: string;
  readonly stdout?: string;
  readonly stderr?: string;
  readonly exit?: number;
  /** Shell commands to run first. */
  readonly run?: string;
}

// A record ends with \x1c; its parts (program, arguments, input, names of variables) are parted by \x1d, their items by \x1e.
const body = (program: string, folder: string) => `#!/bin/sh
input=$(cat)
{
  printf '%s\\035' '${program}'
  for argument in "$@"; do printf '%s\\036' "$argument"; done
  printf '\\035%s\\035' "$input"
  env | sed -n 's/^\\([A-Za-z_][A-Za-z0-9_]*\\)=.*/\\1/p' | tr '\\n' '\\036'
  printf '\\034'
} >> '${folder}/calls'
. '${folder}/rules.${program}'
`;

/** Programs on PATH that record how they are called and do as they are told. */
export class Fakes {
  readonly bin: string;
  private readonly rules: Rule[] = [];

  constructor(
    private readonly folder: string,
    programs: readonly string[] = ['docker', 'helm', 'kubectl', 'cosign'],
  ) {
    this.bin = join(folder, 'bin');
    mkdirSync(this.bin, { recursive: true });
    for (const program of programs) {
      writeFileSync(join(this.bin, program), body(program, folder));
      chmodSync(join(this.bin, program), 0o755);
      this.write(program);
    }
  }

  on(...rules: readonly Rule[]): this {
    for (const rule of rules) {
      this.rules.push(rule);
      this.write(rule.program);
    }
    return this;
  }

  remove(program: string): this {
    rmSync(join(this.bin, program));
    return this;
  }

  calls(): readonly Call[] {
    const file = join(this.folder, 'calls');
    if (!existsSync(file)) return [];
    return readFileSync(file, 'utf8')
      .split('\x1c')
      .filter(Boolean)
      .map((record) => {
        const [program = '', argv = '', stdin = '', env = ''] = record.split('\x1d');
        const items = (text: string) => text.split('\x1e').slice(0, -1);
        return { program, argv: items(argv), stdin, env: items(env) };
      });
  }

  /** One line a call: `docker login ghcr.io`. */
  lines(): readonly string[] {
    return this.calls().map(({ program, argv }) => [program, ...argv].join(' '));
  }

  private write(program: string): void {
    const cases = this.rules
      .filter((rule) => rule.program === program)
      .map(({ when, stdout = '', stderr = '', exit = 0, run = '' }, index) => {
        const text = (kind: string, content: string) => {
          if (!content) return '';
          const file = join(this.folder, `${program}.${index}.${kind}`);
          writeFileSync(file, content);
          return `cat '${file}'${kind === 'stderr' ? ' >&2' : ''}\n`;
        };
        return `  ${when.replaceAll(' ', '\\ ')}) ${run}\n${text('stdout', stdout)}${text('stderr', stderr)}exit ${exit} ;;`;
      })
      .reverse();
    writeFileSync(
      join(this.folder, `rules.${program}`),
      `case "$*" in\n${cases.join('\n')}\n  *) exit 0 ;;\nesac\n`,
    );
  }
}
