import { hpaSync, type HpaInput, type HpaPod, type HpaSpec } from '../src/index';

export interface BenchRow {
  readonly name: string;
  readonly decisions: number;
  /** Median and best over the rounds; the best is what the work costs, the median has the machine's other load in it. */
  readonly medianMicroseconds: number;
  readonly bestMicroseconds: number;
}

const rounds = 15;
const syncs = 2_000;

const pods: readonly HpaPod[] = Array.from({ length: 100 }, (_, i) => ({
  name: `web-${i}`,
  startedSecondsAgo: i < 10 ? 20 + i : 3600 + i,
  readySinceSecondsAgo: i < 10 ? 10 : 3500,
  usage: {
    app: { cpu: `${150 + i}m`, memory: `${64 + i}Mi` },
    proxy: { cpu: `${i * 100_000}n`, memory: '20Mi' },
  },
  metricAgeSeconds: 12,
  metricWindowSeconds: 15,
}));
const podRequests = { app: { cpu: '250m', memory: '128Mi' }, proxy: { cpu: '50m', memory: '32Mi' } };
const cpu = {
  type: 'Resource',
  resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: 70 } },
} as const;
const queue = {
  type: 'External',
  external: { metric: { name: 's0-queue' }, target: { type: 'AverageValue', averageValue: '20' } },
} as const;

const scenarios: readonly (readonly [string, HpaSpec, (tick: number) => HpaInput])[] = [
  [
    'cpu of 100 pods, behavior',
    { minReplicas: 2, maxReplicas: 500, metrics: [cpu], behavior: {} },
    () => ({ specReplicas: 100, statusReplicas: 100, pods }),
  ],
  [
    'cpu of 100 pods, default rules',
    { minReplicas: 2, maxReplicas: 500, metrics: [cpu] },
    () => ({ specReplicas: 100, statusReplicas: 100, pods }),
  ],
  [
    'queue length, no pods',
    { minReplicas: 1, maxReplicas: 100, metrics: [queue] },
    (tick) => ({
      specReplicas: 50,
      statusReplicas: 50,
      externalMetrics: { 's0-queue': [String(800 + (tick % 400))] },
    }),
  ],
];

/** Times whole syncs (decision, conditions, events, trace). `clock`: milliseconds with a fraction. */
export function benchHpa(clock: () => number): readonly BenchRow[] {
  return scenarios.map(([name, spec, inputAt]) => {
    const times: number[] = [];
    for (let round = 0; round < rounds; round++) {
      let state = hpaSync.init({ spec, createdAtMs: 0, podRequests });
      const inputs = Array.from({ length: syncs }, (_, tick) => inputAt(tick));
      const from = clock();
      for (let tick = 0; tick < syncs; tick++)
        state = hpaSync.step(state, (tick + 1) * 15_000, inputs[tick] as HpaInput).state;
      times.push(((clock() - from) * 1000) / syncs);
    }
    times.sort((a, b) => a - b);
    const rounded = (index: number) => Number((times[index] ?? 0).toFixed(1));
    return {
      name,
      decisions: rounds * syncs,
      medianMicroseconds: rounded(Math.floor(rounds / 2)),
      bestMicroseconds: rounded(0),
    };
  });
}
