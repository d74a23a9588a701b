import { execFileSync, spawnSync } from 'node:child_process';
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

/** Runs one playbook; `variables` as with -e. */
export function runPlaybook(
  { bin, helm }: Tools,
  playbook: string,
  variables: Readonly<Record<string, unknown>>,
  options: { readonly args?: readonly string[]; readonly timeoutMs?: number } = {},
): Run {
  const { status, stdout, stderr, error } = spawnSync(
    join(bin, 'ansible-playbook'),
    [`playbooks/${playbook}`, '--extra-vars', JSON.stringify(variables), ...(options.args ?? [])],
    {
      cwd: join(root, 'ansible'),
      encoding: 'utf8',
      maxBuffer: 64 << 20,
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
  const output = `${stdout}${stderr}`;
  if (error) throw new Error(`${playbook}: ${error.message}\n${output.slice(-2000)}`);
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
