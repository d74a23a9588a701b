import { arch, cpus, platform, totalmem } from 'node:os';
import type { HeaderLine } from '@scalelab/recording';
import { recordingVersion } from '@scalelab/recording';
import { defaultControllerFlags } from '@scalelab/scaling';

/** First line of a recording of this lab on this machine. */
export function recordingHeader(
  speed: string,
  startedAtMs: number,
  versions: Readonly<Record<string, string>>,
): HeaderLine {
  return {
    kind: 'header',
    version: recordingVersion,
    startedAt: new Date(startedAtMs).toISOString(),
    speed,
    fidelity: 'full',
    machine: {
      os: platform(),
      arch: arch(),
      cpus: cpus().length,
      memoryMiB: Math.round(totalmem() / 1_048_576),
      node: process.versions.node,
    },
    versions,
    profile: { kubernetes: '1.34', keda: '2.19' },
    controller: defaultControllerFlags,
  };
}
