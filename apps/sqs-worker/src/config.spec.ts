import { ConfigError, describeConfig, loadConfig } from '@scalelab/config';
import { awsEnvironment } from './aws-environment';
import { schema } from './config';

describe('configuration', () => {
  it('has a default for everything, and asks AWS itself when no emulator is named', () => {
    const config = loadConfig(schema, {});
    expect(config).toMatchObject({
      ROLE: 'all',
      HOST: '127.0.0.1',
      PORT: 5001,
      METRICS_PORT: 5003,
      QUEUE_NAME: 'sqs-worker-messages',
      DEAD_LETTER_QUEUE_NAME: 'sqs-worker-messages-dlq',
      MAX_RECEIVE_COUNT: 5,
      TABLE_NAME: 'sqs-worker-items',
      MAX_IN_FLIGHT: 20,
      WORK_MS: 0,
      FAILURE_RATE: 0,
      WORK_FROM_MESSAGE: false,
    });
    expect(Object.values(awsEnvironment(config)).every((value) => value === undefined)).toBe(true);
  });

  it('names all wrong variables at once', () => {
    const env = {
      ROLE: 'boss',
      WORK_MS: '-1',
      FAILURE_RATE: '2',
      QUEUE_NAME: 'a b',
      LOCALSTACK_URL: 'localhost',
    };
    const error = (() => {
      try {
        return loadConfig(schema, env);
      } catch (thrown) {
        return thrown;
      }
    })();
    expect(error).toBeInstanceOf(ConfigError);
    const { fields } = error as ConfigError;
    expect(fields.map(({ field }) => field).sort()).toEqual(Object.keys(env).sort());
  });

  it('hides the keys when it is logged and opens them for the client', () => {
    const config = loadConfig(schema, { AWS_ACCESS_KEY_ID: 'my-id', AWS_SECRET_ACCESS_KEY: 'my-secret' });
    expect(JSON.stringify(describeConfig(config))).not.toMatch(/my-id|my-secret/);
    expect(awsEnvironment(config)).toMatchObject({
      AWS_ACCESS_KEY_ID: 'my-id',
      AWS_SECRET_ACCESS_KEY: 'my-secret',
    });
  });
});
