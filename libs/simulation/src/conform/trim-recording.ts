import type { Recording, TimedLine } from '@scalelab/recording';

/**
 * What a simulation of the recorded loads is compared with, and needs: autoscalers, loads, deaths of pods, changes of replicas, and of
 * each workload the first poll and the first sync, for what they knew of routes and requests. A recording itself, some 30 times smaller.
 */
export function trimRecording({ header, lines }: Recording): Recording {
  const seen = new Set<string>();
  const isFirst = (key: string): boolean => !seen.has(key) && seen.add(key) !== undefined;
  const last = new Map<string, TimedLine>();
  const desired = new Map<string, number>();
  const kept = new Set(
    lines.filter((line) => {
      switch (line.kind) {
        case 'load':
          return true;
        case 'manifest':
          return line.action === 'added' && !line.object.metadata.name.startsWith('keda-hpa-');
        case 'pod':
          return line.workload !== undefined && (line.event === 'deleted' || line.event === 'terminating');
        case 'kedaPoll':
          return isFirst(`poll ${line.scaledObject}`);
        case 'hpaSync':
          return line.input.pods !== undefined && isFirst(`sync ${line.hpa}`);
        case 'sample': {
          const { name } = line.workload;
          last.set(name, line);
          const changed = desired.get(name) !== line.desired;
          desired.set(name, line.desired);
          return changed;
        }
        default:
          return false;
      }
    }),
  );
  for (const line of last.values()) kept.add(line);
  const loaded = new Set(lines.flatMap((line) => (line.kind === 'load' ? [line.workload.name] : [])));
  const ofLoaded = (line: TimedLine): boolean =>
    line.kind === 'manifest'
      ? loaded.has(scaledName(line.object.spec))
      : !('workload' in line) || loaded.has(line.workload?.name ?? '');
  return { header, lines: lines.filter((line) => kept.has(line) && ofLoaded(line)) };
}

function scaledName(spec: unknown): string {
  const { scaleTargetRef } = (spec ?? {}) as { readonly scaleTargetRef?: { readonly name?: string } };
  return scaleTargetRef?.name ?? '';
}
