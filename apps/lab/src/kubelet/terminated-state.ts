import { readFileSync } from 'node:fs';
import type { ContainerStateTerminated } from '@scalelab/manifests';
import type { ProcessExit } from './process';

export interface Termination {
  readonly exit: ProcessExit;
  readonly outOfMemory: boolean;
  readonly startedAt: string;
  readonly finishedAt: string;
  readonly containerID: string;
  /** Its last lines are the message when it failed; absent: no message. */
  readonly logFile?: string;
}

/** Kubernetes' limits of a message taken from the log. */
const mostBytes = 2_048;
const mostLines = 80;

/** How a container's end is told. */
export function terminatedState(termination: Termination): ContainerStateTerminated {
  const { containerID, exit, finishedAt, outOfMemory, startedAt } = termination;
  const message = exit.startError ?? lastLines(termination);
  return {
    exitCode: outOfMemory ? 137 : exit.exitCode,
    reason: reasonOf(termination),
    ...(message === undefined ? {} : { message }),
    startedAt,
    finishedAt,
    containerID,
  };
}

function reasonOf({ exit, outOfMemory }: Termination): string {
  if (exit.startError !== undefined) return 'StartError';
  if (outOfMemory) return 'OOMKilled';
  return exit.exitCode === 0 ? 'Completed' : 'Error';
}

function lastLines({ exit, logFile }: Termination): string | undefined {
  if (exit.exitCode === 0 || logFile === undefined) return undefined;
  try {
    const text = readFileSync(logFile, 'utf8').slice(-mostBytes);
    return text.split('\n').slice(-mostLines).join('\n') || undefined;
  } catch {
    return undefined;
  }
}
