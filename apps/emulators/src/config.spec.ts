import { loadConfig } from '@scalelab/config';
import { schema } from './config';

describe('configuration', () => {
  it('has the well-known ports, loopback and memory by default', () => {
    expect(loadConfig(schema, {})).toMatchObject({
      HOST: '127.0.0.1',
      AWS_PORT: 4566,
      KAFKA_PORT: 9092,
      EXTERNAL_API_PORT: 4580,
      METRICS_PORT: 4581,
      KAFKA_TOPICS: ['events:6', 'events.dlq:1'],
    });
    expect(loadConfig(schema, {}).DATA_DIR).toBeUndefined();
  });

  it.each([
    ['KAFKA_TOPICS', 'events', 'name:partitions pairs with commas, such as events:6,events.dlq:1'],
    ['KAFKA_TOPICS', 'events:0', 'name:partitions pairs with commas, such as events:6,events.dlq:1'],
    [
      'EXTERNAL_API_KEYS',
      'development',
      'environment=key pairs with commas, such as development=dev-key,production=prod-key',
    ],
    ['AWS_PORT', '70000', 'an integer from 0 to 65535'],
  ])('refuses %s=%s', (name, value, allowed) => {
    expect(() => loadConfig(schema, { [name]: value })).toThrow(allowed);
  });
});
