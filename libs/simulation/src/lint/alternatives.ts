import type { LoadedManifest } from '@scalelab/manifests';
import { namespaceOf } from './subject';

const scaledKinds = ['Deployment', 'StatefulSet', 'ScaledObject', 'ScaledJob', 'HorizontalPodAutoscaler'];

/**
 * Files that hold the same workload or autoscaler are alternatives, as the renders of one chart for several profiles are: only one of
 * them gets to a cluster. Gives, for a file, what may stand beside it there.
 */
export class Alternatives {
  private readonly scaled = new Map<string, Set<string>>();
  private readonly seen = new Map<string, readonly LoadedManifest[]>();

  constructor(private readonly all: readonly LoadedManifest[]) {
    for (const { file, object } of all) {
      if (!scaledKinds.includes(object.kind)) continue;
      const names = this.scaled.get(file) ?? new Set();
      this.scaled.set(
        file,
        names.add(`${object.kind} ${namespaceOf(object.metadata)}/${object.metadata.name}`),
      );
    }
  }

  beside(file: string): readonly LoadedManifest[] {
    const known = this.seen.get(file) ?? this.all.filter((other) => !this.isAlternative(file, other.file));
    this.seen.set(file, known);
    return known;
  }

  private isAlternative(file: string, other: string): boolean {
    const names = this.scaled.get(other);
    if (file === other || names === undefined) return false;
    return [...(this.scaled.get(file) ?? [])].some((name) => names.has(name));
  }
}
