import { applyObject } from './apply';
import { apiErrors } from './api-error';
import { resources } from './resources';
import { FakeKubeClient } from './testing';

const configMap = (data: Record<string, string>) => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name: 'a', namespace: 'default' },
  data,
});

describe('applyObject', () => {
  it('creates what is absent and merges into what is there', async () => {
    const client = new FakeKubeClient();
    expect((await applyObject(client, resources.ConfigMap, configMap({ x: '1' }))).outcome).toBe('created');
    await client.patch(resources.ConfigMap, 'default', 'a', { data: { other: 'kept' } });
    const { outcome, object } = await applyObject(client, resources.ConfigMap, configMap({ x: '2' }));
    expect([outcome, object.data]).toEqual(['configured', { x: '2', other: 'kept' }]);
  });

  it('survives another writer that creates it between the look and the creation', async () => {
    const client = new FakeKubeClient([configMap({ theirs: '1' })]);
    client.failNext(/^get/, apiErrors.notFound(resources.ConfigMap, 'a'));
    const { outcome, object } = await applyObject(client, resources.ConfigMap, configMap({ ours: '1' }));
    expect([outcome, object.data]).toEqual(['configured', { theirs: '1', ours: '1' }]);
  });

  it('leaves status to controllers', async () => {
    const client = new FakeKubeClient();
    const deployment = {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name: 'a', namespace: 'default' },
      spec: { replicas: 1 },
    };
    await client.create(resources.Deployment, { ...deployment, status: { replicas: 1 } });
    const { object } = await applyObject(client, resources.Deployment, {
      ...deployment,
      spec: { replicas: 2 },
      status: { replicas: 9 },
    });
    expect(object).toMatchObject({ spec: { replicas: 2 }, status: { replicas: 1 } });
  });

  it('passes other refusals on', async () => {
    const client = new FakeKubeClient();
    client.failNext(/^create/, apiErrors.forbidden(resources.ConfigMap, 'a', 'no'));
    await expect(applyObject(client, resources.ConfigMap, configMap({}))).rejects.toMatchObject({
      code: 403,
    });
  });
});
