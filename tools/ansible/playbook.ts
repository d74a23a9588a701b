import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

const root = join(__dirname, '../..');

interface Tools {
  readonly bin: string;
  readonly helm: string;
}

/** Ansible and Helm as the checks find them, or why they are not there; fetches nothing. */
export function tools(): Tools | { readonly skipped: string } {
  return JSON.parse(execFileSync(process.execPath, [join(__dirname, 'tools.mjs')], { encoding: 'utf8' })) as
    Tools | { readonly skipped: string };
}

export interface Run {
  readonly status: number;
  readonly output: string;
  /** Of the recap. */
  readonly changed: number;
  readonly failed: number;
  /** Why tasks failed; empty when none did. */
  readonly reason: string;
}

/** Runs one playbook, while servers of the caller's own process go on answering; `variables` as with -e. */
export async function runPlaybook(
  { bin, helm }: Tools,
  playbook: string,
  variables: Readonly<Record<string, unknown>>,
  options: { readonly args?: readonly string[]; readonly timeoutMs?: number } = {},
): Promise<Run> {
  const child = spawn(
    join(bin, 'ansible-playbook'),
    [`playbooks/${playbook}`, '--extra-vars', JSON.stringify(variables), ...(options.args ?? [])],
    {
      cwd: join(root, 'ansible'),
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout: options.timeoutMs ?? 120_000,
      env: {
        PATH: `${bin}:${process.env.PATH ?? ''}`,
        HOME: process.env.HOME ?? '/tmp',
        LANG: 'C.UTF-8',
        SCALELAB_HELM: helm,
        ANSIBLE_NOCOLOR: '1',
        ANSIBLE_DEPRECATION_WARNINGS: '0',
      },
    },
  );
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => (output += text));
  const [status] = (await once(child, 'close')) as [number | null];
  const recap = /changed=(\d+)\s+unreachable=\d+\s+failed=(\d+)/.exec(output);
  return {
    status: status ?? -1,
    output,
    changed: Number(recap?.[1] ?? -1),
    failed: Number(recap?.[2] ?? -1),
    reason: errors(output),
  };
}

/** What ansible-core says of tasks that failed, before it shows where they stand. */
function errors(output: string): string {
  const found = [
    ...output.matchAll(/^\[ERROR\]: (?:Task failed: )?([\s\S]*?)(?=^Origin: |^Task failed|^fatal: )/gm),
  ];
  return found.map(([, text]) => (text ?? '').replace(/\s+/g, ' ').trim()).join(' | ');
}
