import { execFileSync } from 'node:child_process';
import { join } from 'node:path';

interface Rendered {
  readonly objects: string;
  readonly notes: string;
}

function render(chart: string, ...values: object[]): readonly Rendered[] | undefined {
  const answer = JSON.parse(
    execFileSync(process.execPath, [join(__dirname, 'render-cases.mjs')], {
      input: JSON.stringify({ chart, cases: values.map((v) => ({ values: v })) }),
      encoding: 'utf8',
      maxBuffer: 64 << 20,
    }),
  ) as readonly Rendered[] | { readonly skipped: string };
  if (!('skipped' in answer)) return answer;
  process.stdout.write(`skipped: ${answer.skipped}\n`);
  return undefined;
}

/** The budgets in a render, by name. */
function budgets(objects: string): Record<string, number> {
  return Object.fromEntries(
    objects
      .split(/^---$/m)
      .filter((text) => text.includes('kind: PodDisruptionBudget'))
      .map((text) => [
        /^ {2}name: (.*)$/m.exec(text)?.[1] ?? '',
        Number(/minAvailable: (\d+)/.exec(text)?.[1]),
      ]),
  );
}

describe('notes after an installation', () => {
  const api = render(
    'sqs-worker',
    {},
    { components: { api: { autoscaling: { mode: 'none' }, replicas: 1 } } },
    { components: { worker: { pdb: { enabled: false }, autoscaling: { minReplicas: 5 } } } },
  );
  const demo = render(
    'http-demo',
    ...[0, 1, 2, 3, 5].map((minReplicas) => ({ autoscaling: { minReplicas } })),
    { autoscaling: { minReplicas: 1 }, pdb: { minAvailable: 1 } },
    { autoscaling: { mode: 'none', minReplicas: 1 }, replicas: 4 },
  );
  const check = render('health-check', {});
  const when = api && demo && check ? it : it.skip;

  when('say who scales each component, and how to look at it', () => {
    const notes = api?.[0]?.notes ?? '';
    expect(notes).toContain('sqs-worker-api:\n  scaled by an HPA, 2 to 10 replicas');
    expect(notes).toContain('kubectl -n sqs-worker get hpa sqs-worker-api --watch');
    expect(notes).toContain('sqs-worker:\n  scaled by KEDA, 0 to 10');
    expect(notes).toContain('pollingInterval and cooldownPeriod only govern 0 <-> 1');
    expect(notes).toContain('port-forward service/sqs-worker-api 5001:80');
    expect(api?.[1]?.notes).toContain('sqs-worker-api:\n  1 replica(s), not scaled');
    expect(check?.[0]?.notes).toContain('runs on "*/5 * * * *"');
  });

  when('say what a drain leaves, or why there is no budget', () => {
    expect(api?.[0]?.notes).toContain('drains leave 1 pod(s)');
    expect(api?.[0]?.notes).toContain('no PodDisruptionBudget: with a minimum of 0 it would block drains');
    expect(api?.[2]?.notes).toContain('no PodDisruptionBudget: components.worker.pdb.enabled is false');
    expect(budgets(api?.[0]?.objects ?? '')).toEqual({ 'sqs-worker-api': 1 });
    expect(budgets(api?.[2]?.objects ?? '')).toEqual({ 'sqs-worker-api': 1 });
  });

  when('budgets leave one less than the minimum of the active autoscaler, at least one', () => {
    expect(demo?.map(({ objects }) => budgets(objects)['http-demo'])).toEqual([
      undefined, // 0
      undefined, // 1: a budget of 1 would block every drain
      1,
      2,
      4,
      1, // asked for
      3, // not scaled: replicas count
    ]);
  });
});
