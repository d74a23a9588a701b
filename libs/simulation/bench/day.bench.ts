import { defaultModel, generateLoad, simulate, type SimulationOptions } from '../src/index';

export interface DayRow {
  readonly name: string;
  readonly syncs: number;
  readonly polls: number;
  readonly medianMs: number;
  readonly bestMs: number;
}

const target: SimulationOptions['target'] = {
  kind: 'ScaledObject',
  name: 'worker',
  replicas: 0,
  contexts: [],
  object: {
    metadata: { name: 'worker', namespace: 'default' },
    spec: {
      scaleTargetRef: { name: 'worker' },
      minReplicaCount: 0,
      maxReplicaCount: 50,
      triggers: [
        {
          type: 'aws-sqs-queue',
          metadata: {
            queueURL: 'https://sqs/1/orders',
            queueLength: '20',
            awsRegion: 'eu-west-1',
            identityOwner: 'operator',
          },
        },
      ],
    },
  },
};

const days: readonly (readonly [string, SimulationOptions])[] = [
  ['a day of one ScaledObject, load as signal', { target, loads: [generateLoad('daily:0..900')] }],
  [
    'a day of one ScaledObject, with a workload model',
    {
      target,
      loads: [generateLoad('daily:1..100')],
      model: { ...defaultModel, serviceSeconds: 0.5, concurrency: 4 },
    },
  ],
];

const rounds = 15;

/** Times whole simulated days, after two for warmth. `clock`: milliseconds with a fraction. */
export function benchDays(clock: () => number): readonly DayRow[] {
  return days.map(([name, options]) => {
    const times: number[] = [];
    let totals = simulate(options).totals;
    for (let round = 0; round < rounds + 2; round++) {
      const from = clock();
      totals = simulate(options).totals;
      if (round >= 2) times.push(clock() - from);
    }
    times.sort((a, b) => a - b);
    const rounded = (index: number) => Number((times[index] ?? 0).toFixed(1));
    return {
      name,
      syncs: totals.hpaSyncs,
      polls: totals.kedaPolls,
      medianMs: rounded(Math.floor(rounds / 2)),
      bestMs: rounded(0),
    };
  });
}
