import { existsSync, readdirSync } from 'node:fs';
import { basename, join } from 'node:path';

export type Profile = 'lab' | 'lab-production';

/** One file of what a lab applies by itself. */
export interface ProfileFile {
  /** The release of a chart, or an add-on. */
  readonly name: string;
  readonly path: string;
  /** Needed by every workload: never filtered. */
  readonly always: boolean;
}

// Stands in for what the services talk to.
const foundations = new Set(['emulators']);

/**
 * What the charts render for a profile, and the lab's own add-ons. `charts/X/rendered/PROFILE.yaml` is the release X,
 * `rendered/Y-PROFILE.yaml` the release X-Y.
 */
export function profileFiles(root: string, profile: Profile): readonly ProfileFile[] {
  const charts = join(root, 'charts');
  const releases = readdirSync(charts).flatMap((chart) => {
    const folder = join(charts, chart, 'rendered');
    return yamlFiles(folder).flatMap((file): ProfileFile[] => {
      const part = partOf(basename(file, '.yaml'), profile);
      if (part === undefined) return [];
      return [{ name: `${chart}${part}`, path: join(folder, file), always: foundations.has(chart) }];
    });
  });
  const addOns = join(root, 'apps/lab/add-ons');
  const own = yamlFiles(addOns).map((file) => ({
    name: basename(file, '.yaml'),
    path: join(addOns, file),
    always: true,
  }));
  return [...releases, ...own].sort((a, b) => (a.name < b.name ? -1 : 1));
}

function yamlFiles(folder: string): readonly string[] {
  return existsSync(folder) ? readdirSync(folder).filter((file) => file.endsWith('.yaml')) : [];
}

/** What a render adds to its chart's name: nothing, or `-zero` for `zero-lab`; undefined when it is of another profile. */
function partOf(render: string, profile: Profile): string | undefined {
  if (render === profile) return '';
  return render.endsWith(`-${profile}`) ? `-${render.slice(0, -profile.length - 1)}` : undefined;
}
