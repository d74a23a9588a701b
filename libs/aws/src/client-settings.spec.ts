import { awsClientSettings } from './client-settings';

describe('AWS client settings', () => {
  it("leaves everything to the SDK's own chain when nothing is set", () => {
    expect(awsClientSettings({})).toEqual({});
  });

  it('takes an emulator by URL, with placeholder keys and region', () => {
    expect(awsClientSettings({ LOCALSTACK_URL: 'http://emulators.lab-system:4566' })).toEqual({
      endpoint: 'http://emulators.lab-system:4566',
      region: 'us-east-1',
      credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    });
  });

  it.each([
    ['localstack', 'http://localstack:4566'],
    ['localstack:4567', 'http://localstack:4567'],
  ])('takes an emulator by host %s', (host, endpoint) => {
    expect(awsClientSettings({ LOCALSTACK_HOST: host }).endpoint).toBe(endpoint);
  });

  it('prefers the URL to the host, and given keys and region to the placeholders', () => {
    const env = {
      LOCALSTACK_URL: 'http://a:1',
      LOCALSTACK_HOST: 'b',
      AWS_ACCESS_KEY_ID: 'id',
      AWS_SECRET_ACCESS_KEY: 'secret',
      AWS_DEFAULT_REGION: 'eu-central-1',
    };
    expect(awsClientSettings(env, { maxSockets: 9 })).toEqual({
      endpoint: 'http://a:1',
      region: 'eu-central-1',
      credentials: { accessKeyId: 'id', secretAccessKey: 'secret' },
      maxSockets: 9,
    });
  });

  it('ignores half a pair of keys', () => {
    expect(awsClientSettings({ AWS_ACCESS_KEY_ID: 'id', AWS_DEFAULT_REGION: 'eu-central-1' })).toEqual({
      region: 'eu-central-1',
    });
  });
});
