import { defaultBehavior, defaultHpaSpec } from './defaults';

const up = {
  stabilizationWindowSeconds: 0,
  selectPolicy: 'Max',
  policies: [
    { type: 'Pods', value: 4, periodSeconds: 15 },
    { type: 'Percent', value: 100, periodSeconds: 15 },
  ],
};
const down = { selectPolicy: 'Max', policies: [{ type: 'Percent', value: 100, periodSeconds: 15 }] };

describe('defaults of the API server', () => {
  it('leaves an absent behavior absent', () => {
    expect(defaultBehavior(undefined)).toBeNull();
    expect(defaultBehavior(null)).toBeNull();
  });

  it('fills both directions of an empty behavior; only scaleUp gets a window', () => {
    expect(defaultBehavior({})).toEqual({ scaleUp: up, scaleDown: down });
    expect(defaultBehavior({ scaleUp: null, scaleDown: null })).toEqual({ scaleUp: up, scaleDown: down });
  });

  it('keeps what is set, a zero too, and stores a tolerance as the API prints it', () => {
    const policies = [{ type: 'Pods', value: 1, periodSeconds: 60 }] as const;
    expect(
      defaultBehavior({
        scaleUp: { stabilizationWindowSeconds: 30, selectPolicy: 'Min', policies, tolerance: '0.2' },
        scaleDown: { stabilizationWindowSeconds: 0, tolerance: 1 },
      }),
    ).toEqual({
      scaleUp: { stabilizationWindowSeconds: 30, selectPolicy: 'Min', policies, tolerance: '200m' },
      scaleDown: { ...down, stabilizationWindowSeconds: 0, tolerance: '1' },
    });
  });

  it('names the field of a tolerance that is no quantity', () => {
    expect(() => defaultBehavior({ scaleUp: { tolerance: '5x' } })).toThrow(
      'spec.behavior.scaleUp.tolerance: "5x"',
    );
    expect(() => defaultBehavior({ scaleDown: { tolerance: 'x' } })).toThrow(
      'spec.behavior.scaleDown.tolerance: "x"',
    );
  });

  it('takes minReplicas 1 and cpu at 80 % where nothing is said', () => {
    expect(defaultHpaSpec({ maxReplicas: 5 })).toEqual({
      minReplicas: 1,
      maxReplicas: 5,
      metrics: [
        {
          type: 'Resource',
          resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: 80 } },
        },
      ],
      behavior: null,
    });
    expect(defaultHpaSpec({ minReplicas: 0, maxReplicas: 5, metrics: [] })).toMatchObject({
      minReplicas: 0,
      metrics: [{ type: 'Resource' }],
    });
  });

  it('keeps the metrics that are given', () => {
    const metrics = [
      {
        type: 'External',
        external: { metric: { name: 'q' }, target: { type: 'AverageValue', averageValue: '5' } },
      },
    ] as const;
    expect(defaultHpaSpec({ maxReplicas: 5, metrics }).metrics).toBe(metrics);
  });
});
