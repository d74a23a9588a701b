import type { TimedLine, WorkloadRef } from '@scalelab/recording';

/** One line of the live table. */
export interface Row {
  readonly name: string;
  /** Signal over all replicas, in its own unit; null: not read yet. */
  readonly value: number | null;
  /** Per replica; null: unknown. */
  readonly target: number | null;
  readonly desired: number | null;
  readonly ready: number | null;
  /** Last decision, as a sentence. */
  readonly why: string;
  /** Signal of the last two minutes, oldest first. */
  readonly recent: readonly number[];
}

const recentSeconds = 120;

/** The present state of every workload: a projection of the recording, as the report is. */
export class Board {
  private readonly rows = new Map<string, Row & { readonly times: readonly number[] }>();

  constructor(
    private readonly order: readonly WorkloadRef[],
    private readonly targetOf: (workload: WorkloadRef) => number | null,
  ) {}

  take(line: TimedLine): void {
    switch (line.kind) {
      case 'sample': {
        const old = this.row(line.workload);
        const times = [...old.times, line.t].filter((t) => t > line.t - recentSeconds);
        const recent = [...old.recent, line.value ?? 0].slice(-times.length);
        this.set(line.workload, {
          ...old,
          value: line.value,
          desired: line.desired,
          ready: line.ready,
          times,
          recent,
        });
        return;
      }
      case 'hpaSync':
      case 'kedaPoll':
      case 'scaledJobPoll': {
        const old = this.row(line.workload);
        // A poll that changes nothing says less than the last sync did.
        if (line.kind === 'kedaPoll' && line.from === line.to && old.why !== '' && line.from !== 0) return;
        this.set(line.workload, { ...old, desired: line.to, why: line.sentence });
        return;
      }
      default:
    }
  }

  /** Rows in the order given, then any others by name. */
  all(): readonly Row[] {
    const known = this.order.map((workload) => this.row(workload));
    const names = new Set(this.order.map(keyOf));
    const others = [...this.rows].filter(([key]) => !names.has(key)).map(([, row]) => row);
    return [...known, ...others.sort((a, b) => (a.name < b.name ? -1 : 1))];
  }

  private row(workload: WorkloadRef): Row & { readonly times: readonly number[] } {
    const empty = {
      name: workload.name,
      value: null,
      target: null,
      desired: null,
      ready: null,
      why: '',
      recent: [],
      times: [],
    };
    return { ...(this.rows.get(keyOf(workload)) ?? empty), target: this.targetOf(workload) };
  }

  private set(workload: WorkloadRef, row: Row & { readonly times: readonly number[] }): void {
    this.rows.set(keyOf(workload), row);
  }
}

function keyOf({ namespace, name }: WorkloadRef): string {
  return `${namespace}/${name}`;
}
