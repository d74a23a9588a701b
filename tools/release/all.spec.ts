import { digest } from './testing/happy-path';
import { Scenario, secrets } from './testing/scenario';
import { webhook } from './testing/webhook';

const production = ['--context', 'keda-cluster', '--profile', 'eks', '--tag', '1.2.3'];

let scenario: Scenario;
beforeAll(() => {
  scenario = new Scenario();
});
afterAll(() => scenario.checkout.remove());
beforeEach(() => scenario.reset());

describe('all', () => {
  const all = (url: string) =>
    scenario.release(['all', ...production, '--chart-version', '1.2.3', '--sign'], {
      ...secrets,
      NOTIFY_WEBHOOK_URL: url,
    });

  it('`all` goes through every step in order and tells of success', async () => {
    const { url, bodies, close } = await webhook();
    const { code, stdout } = await all(url);
    close();
    expect({ code, end: stdout.trim().split('\n').slice(-2) }).toEqual({
      code: 0,
      end: ['notified: success', 'released 1.2.3'],
    });
    expect(JSON.parse(bodies[0] ?? '')).toMatchObject({ text: 'scalelab 1.2.3 released', status: 'success' });
    const lines = scenario.fakes.lines();
    const at = (pattern: RegExp) => lines.findIndex((line) => pattern.test(line));
    expect([
      at(/images\.mjs/),
      at(/helm lint/),
      at(/helm package/),
      at(/helm push/),
      at(/readyz/),
      at(/helm upgrade/),
    ]).toEqual(
      [
        at(/images\.mjs/),
        at(/helm lint/),
        at(/helm package/),
        at(/helm push/),
        at(/readyz/),
        at(/helm upgrade/),
      ].sort((a, b) => a - b),
    );
  });

  it.each([
    [
      { program: 'docker', when: 'images.mjs kafka-consumer*' },
      'build and push image kafka-consumer',
      /helm|kubectl/,
    ],
    [
      { program: 'cosign', when: 'sign*http-demo*' },
      `sign ghcr.io/scalelab/http-demo@${digest}`,
      /helm|kubectl/,
    ],
    [{ program: 'helm', when: 'lint*' }, 'lint chart backend-api', /helm push|kubectl|upgrade/],
    [{ program: 'helm', when: 'push*' }, 'push chart backend-api', /kubectl|upgrade/],
    [{ program: 'kubectl', when: '*readyz*' }, 'reach cluster', /upgrade/],
    [{ program: 'helm', when: '*--dry-run=server' }, 'try http-demo', /--history-max/],
    [
      { program: 'helm', when: '*upgrade data-api*--wait*' },
      'deploy data-api',
      /upgrade health-check.*--history-max/,
    ],
  ])('`all` stops at %j, tells of it, and does nothing later', async (rule, step, never) => {
    const { url, bodies, close } = await webhook();
    scenario.fakes.on({ ...rule, stderr: 'said correct-horse\n', exit: 1 });
    const { code, stdout, stderr } = await all(url);
    close();
    expect(code).toBe(1);
    expect(stderr).toContain(`release: ${step}: `);
    expect(bodies).toHaveLength(1);
    expect(JSON.parse(bodies[0] ?? '')).toMatchObject({ status: 'failure', step });
    expect(scenario.fakes.lines().filter((line) => never.test(line))).toEqual([]);
    expect(scenario.leaks(stdout + stderr + bodies.join(''))).toEqual([]);
  });

  it('`all` fails as it failed when the message cannot be delivered', async () => {
    scenario.fakes.on({ program: 'helm', when: 'lint*', exit: 1 });
    const { url, close } = await webhook([400]);
    const { code, stderr } = await all(url);
    close();
    expect(code).toBe(1);
    expect(stderr).toContain('release: notify: the webhook did not take the message');
    expect(stderr.trim()).toContain('release: lint chart backend-api');
  });
});
