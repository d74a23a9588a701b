import { Scenario, secrets } from './testing/scenario';
import { webhook } from './testing/webhook';

let scenario: Scenario;
beforeAll(() => {
  scenario = new Scenario();
});
afterAll(() => scenario.checkout.remove());
beforeEach(() => scenario.reset());

describe('notify', () => {
  const notify = (url: string, ...args: readonly string[]) =>
    scenario.release(['notify', '--tag', '1.2.3', ...args], { ...secrets, NOTIFY_WEBHOOK_URL: url });

  it('says what failed, where and with which link, as text that chat programs take', async () => {
    const { url, bodies, close } = await webhook();
    const { code, stdout } = await notify(
      url,
      '--status',
      'failure',
      '--step',
      'Deploy',
      '--url',
      'https://ci.example/7',
    );
    close();
    expect({ code, stdout }).toEqual({ code: 0, stdout: 'notified: failure\n' });
    expect(JSON.parse(bodies[0] ?? '')).toMatchObject({
      text: 'scalelab 1.2.3 failed at Deploy\nhttps://ci.example/7',
      status: 'failure',
      tag: '1.2.3',
      step: 'Deploy',
    });
  });

  it('tries again when the webhook stumbles, not when it refuses', async () => {
    const stumbling = await webhook([503, 429]);
    expect((await notify(stumbling.url, '--status', 'success')).code).toBe(0);
    stumbling.close();
    expect(stumbling.bodies).toHaveLength(3);
    const refusing = await webhook([404]);
    const { code, stderr } = await notify(refusing.url, '--status', 'success');
    refusing.close();
    expect(code).toBe(1);
    expect(stderr).toMatch(
      /release: notify: the webhook did not take the message: HTTP 404\n {2}check NOTIFY_WEBHOOK_URL/,
    );
    expect(refusing.bodies).toHaveLength(1);
    expect(stderr).not.toContain('T0P-S3CRET');
  });

  it('says that there is no webhook, and refuses what is none', async () => {
    expect((await scenario.release(['notify', '--status', 'success', '--tag', '1'], {})).stdout).toContain(
      'skipped: NOTIFY_WEBHOOK_URL is not set',
    );
    const { code, stderr } = await notify('hooks.example/T0P-S3CRET', '--status', 'success');
    expect(code).toBe(2);
    expect(stderr).toContain('NOTIFY_WEBHOOK_URL is no http or https URL');
    expect(stderr).not.toContain('T0P-S3CRET');
  });
});
