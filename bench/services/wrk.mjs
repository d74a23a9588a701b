// HTTP load by wrk, on a core of its own.
import { spawnSync } from 'node:child_process';
import { launch } from './processes.mjs';

export const hasWrk = spawnSync('wrk', ['--version']).error === undefined;
export const hasTaskset = spawnSync('taskset', ['--version']).status === 0;

/**
 * One run: requests a second, and how many there were.
 * @throws Error when any request failed or had another status than 2xx
 */
export async function httpLoad(url, { seconds, connections = 64, core, host }) {
  const words = ['-t1', `-c${connections}`, `-d${seconds}s`, ...(host ? ['-H', `Host: ${host}`] : []), url];
  const run = launch('wrk', words, { core, stdio: ['ignore', 'pipe', 'inherit'] });
  let text = '';
  run.child.stdout.on('data', (chunk) => (text += chunk));
  await run.gone;
  const trouble = /Non-2xx or 3xx responses: .*|Socket errors: .*/.exec(text)?.[0];
  // gunicorn's sync worker closes every connection: wrk counts some of those as read errors, though each had its answer.
  if (trouble && !/^Socket errors: connect 0, read \d+, write 0, timeout 0$/.test(trouble))
    throw new Error(`${url}: ${trouble}`);
  return {
    perSecond: Number(/Requests\/sec:\s+([\d.]+)/.exec(text)?.[1]),
    requests: Number(/(\d+) requests in/.exec(text)?.[1]),
  };
}
