// Runs other programs: found in PATH, their output shown without secrets, their failure told with the step and a cure.
import { spawn } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { environmentOf, redactor } from './secrets.mjs';
import { StepError } from './step-error.mjs';

const cures = {
  docker: 'install Docker 23 or newer with buildx, or run this step where it is',
  helm: 'install Helm 3.17 or newer, or set SCALELAB_HELM to its path',
  kubectl: 'install kubectl of the version of the cluster or one beside it',
  cosign: 'install cosign 2 or newer, or leave out --sign',
  git: 'install git',
};

/** Path of a program; SCALELAB_HELM overrules PATH for helm. */
export function findProgram(name, env = process.env) {
  if (name === 'node') return process.execPath;
  if (name === 'helm' && env.SCALELAB_HELM) return env.SCALELAB_HELM;
  for (const folder of (env.PATH ?? '').split(delimiter)) {
    const path = join(folder || '.', name);
    try {
      accessSync(path, constants.X_OK);
      return path;
    } catch {
      // Not in this folder.
    }
  }
  return null;
}

/** Throws before anything is done when a program that a later step needs is missing. */
export function requirePrograms(names, env = process.env) {
  for (const name of names)
    if (findProgram(name, env) === null)
      throw new StepError(`find ${name}`, `${name} is not in PATH`, cures[name], { code: 'tool' });
}

/** Remarks that Helm makes on each call: the charts link to their library on purpose. */
const noise = /found symbolic link in path/;

/**
 * @typedef {object} Call
 * @property {string} step what it is done for, in messages
 * @property {string} cure what to do when it fails; may be a function of what it printed
 * @property {string} [input] its standard input, nothing by default
 * @property {boolean} [quiet] whether its standard output is only returned, not shown; false by default
 * @property {'input' | 'tool' | 'cluster' | 'step'} [code] of the error, `step` by default
 * @property {number} [timeoutMs] after which it is ended, 30 min by default
 * @property {string} [cwd]
 */

/**
 * @param {string} name of the program
 * @param {string[]} args
 * @param {Call} call
 * @returns {Promise<{stdout: string, stderr: string}>} rejects with a StepError when the program fails
 */
export function run(
  name,
  args,
  { step, cure, input = '', quiet = false, code, timeoutMs = 30 * 60_000, cwd },
) {
  const path = findProgram(name);
  if (path === null)
    return Promise.reject(new StepError(step, `${name} is not in PATH`, cures[name], { code: 'tool' }));
  const redact = redactor(process.env);
  if (!quiet) process.stdout.write(`${redact(`+ ${[name, ...args].join(' ')}`)}\n`);
  return new Promise((resolve, reject) => {
    const child = spawn(path, args, {
      env: environmentOf(name, process.env),
      cwd,
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    const timer = setTimeout(() => child.kill('SIGTERM'), timeoutMs);
    const text = { stdout: '', stderr: '' };
    for (const stream of ['stdout', 'stderr']) {
      let line = '';
      child[stream].setEncoding('utf8');
      child[stream].on('data', (chunk) => {
        text[stream] += chunk;
        if (quiet && stream === 'stdout') return;
        // By whole lines: a secret may be split between two chunks.
        const lines = (line + chunk).split('\n');
        line = lines.pop();
        for (const whole of lines) if (!noise.test(whole)) process[stream].write(`${redact(whole)}\n`);
      });
      child[stream].on('end', () => line && process[stream].write(`${redact(line)}\n`));
    }
    // A program that does not read its input closes the pipe early.
    child.stdin.on('error', () => {});
    child.stdin.end(input);
    child.on('error', (cause) => {
      clearTimeout(timer);
      reject(
        new StepError(step, `${name} cannot be started: ${cause.message}`, cures[name], {
          code: 'tool',
          cause,
        }),
      );
    });
    child.on('close', (status, signal) => {
      clearTimeout(timer);
      if (status === 0) return resolve(text);
      text.stderr = text.stderr.replace(/^.*found symbolic link in path.*\n/gm, '');
      const last = redact(text.stderr.trim() || text.stdout.trim())
        .split('\n')
        .at(-1);
      const why = signal ? `ended by ${signal}` : `exit ${status}`;
      const told = typeof cure === 'function' ? cure(text) : cure;
      reject(new StepError(step, `${name} ${args[0]}: ${why}${last ? `: ${last}` : ''}`, told, { code }));
    });
  });
}
