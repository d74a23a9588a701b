import type { KubeObject } from '@scalelab/kube';
import { FakeKubeClient } from '@scalelab/kube/testing';
import { resolveTriggerContext, type TriggerContextQuestion } from '.';

const object = (
  apiVersion: string,
  kind: string,
  name: string,
  rest: object,
  namespace: string | undefined = 'shop',
): KubeObject => ({
  apiVersion,
  kind,
  metadata: { name, ...(namespace ? { namespace } : {}) },
  ...rest,
});
const base64 = (text: string) => Buffer.from(text).toString('base64');

const kube = new FakeKubeClient([
  object('v1', 'Secret', 'keys', { data: { id: base64('key-id'), key: base64('key-secret') } }),
  object('v1', 'Secret', 'keys', { data: { id: base64('cluster-id') } }, 'keda'),
  object('v1', 'ConfigMap', 'settings', { data: { region: 'eu-west-1' } }),
  object('keda.sh/v1alpha1', 'TriggerAuthentication', 'auth', {
    spec: {
      secretTargetRef: [
        { parameter: 'awsAccessKeyID', name: 'keys', key: 'id' },
        { parameter: 'awsSecretAccessKey', name: 'keys', key: 'nosuch' },
        { parameter: 'other', name: 'nosuch', key: 'x' },
      ],
      configMapTargetRef: [{ parameter: 'awsRegion', name: 'settings', key: 'region' }],
      env: [{ parameter: 'fromEnv', name: 'PLAIN' }],
      podIdentity: { provider: 'aws' },
    },
  }),
  {
    ...object('keda.sh/v1alpha1', 'ClusterTriggerAuthentication', 'wide', {
      spec: { secretTargetRef: [{ parameter: 'id', name: 'keys', key: 'id' }] },
    }),
    metadata: { name: 'wide' },
  },
  object('http.keda.sh/v1beta1', 'InterceptorRoute', 'route', {
    spec: { scalingMetric: { requestRate: { targetValue: 20 } } },
  }),
]);

const podSpec = {
  containers: [
    {
      name: 'main',
      image: 'i:1',
      envFrom: [{ prefix: 'CFG_', configMapRef: { name: 'settings' } }, { secretRef: { name: 'keys' } }],
      env: [
        { name: 'PLAIN', value: 'text' },
        { name: 'COMPOSED', value: '$(PLAIN)-$(nosuch)' },
        { name: 'FROM_SECRET', valueFrom: { secretKeyRef: { name: 'keys', key: 'key' } } },
        { name: 'FROM_MAP', valueFrom: { configMapKeyRef: { name: 'settings', key: 'region' } } },
        { name: 'MISSING', valueFrom: { secretKeyRef: { name: 'nosuch', key: 'x' } } },
      ],
    },
    { name: 'side', image: 'i:1', env: [{ name: 'SIDE', value: '1' }] },
  ],
};

const question = (rest: Partial<TriggerContextQuestion> = {}): TriggerContextQuestion => ({
  trigger: { type: 'kafka', metadata: {} },
  index: 2,
  namespace: 'shop',
  podSpec,
  ...rest,
});

describe('resolveTriggerContext', () => {
  it('reads the environment of the first container, or of the one that is named', async () => {
    const { env, index, namespace } = await resolveTriggerContext(kube, question());
    expect({ index, namespace }).toEqual({ index: 2, namespace: 'shop' });
    expect(env).toEqual({
      CFG_region: 'eu-west-1',
      id: 'key-id',
      key: 'key-secret',
      PLAIN: 'text',
      COMPOSED: 'text-$(nosuch)',
      FROM_SECRET: 'key-secret',
      FROM_MAP: 'eu-west-1',
      MISSING: '',
    });
    expect((await resolveTriggerContext(kube, question({ envSourceContainerName: 'side' }))).env).toEqual({
      SIDE: '1',
    });
    expect((await resolveTriggerContext(kube, question({ podSpec: undefined }))).env).toEqual({});
  });

  it('reads the TriggerAuthentication; a missing key or Secret is an empty parameter', async () => {
    const context = await resolveTriggerContext(
      kube,
      question({ trigger: { type: 'aws-sqs-queue', metadata: {}, authenticationRef: { name: 'auth' } } }),
    );
    expect(context).toMatchObject({
      podIdentity: 'aws',
      authParams: {
        awsAccessKeyID: 'key-id',
        awsSecretAccessKey: '',
        other: '',
        awsRegion: 'eu-west-1',
        fromEnv: 'text',
      },
    });
  });

  it('reads a ClusterTriggerAuthentication with the secrets of its own namespace', async () => {
    const authenticationRef = { name: 'wide', kind: 'ClusterTriggerAuthentication' };
    const { authParams } = await resolveTriggerContext(
      kube,
      question({ trigger: { type: 'kafka', metadata: {}, authenticationRef } }),
    );
    expect(authParams).toEqual({ id: 'cluster-id' });
  });

  it('fails when the TriggerAuthentication is missing', async () => {
    const trigger = { type: 'kafka', metadata: {}, authenticationRef: { name: 'nosuch' } };
    await expect(resolveTriggerContext(kube, question({ trigger }))).rejects.toMatchObject({
      reason: 'NotFound',
    });
  });

  it('finds the InterceptorRoute of an external-push trigger, and leaves out one that is not there', async () => {
    const at = (interceptorRoute: string) =>
      resolveTriggerContext(
        kube,
        question({ trigger: { type: 'external-push', metadata: { interceptorRoute } } }),
      );
    expect((await at('route')).interceptorRoute).toEqual({ requestRate: { targetValue: 20 } });
    expect(await at('nosuch')).not.toHaveProperty('interceptorRoute');
  });
});
