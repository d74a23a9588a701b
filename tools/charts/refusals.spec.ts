import { execFileSync } from 'node:child_process';
import { join } from 'node:path';

interface Case {
  readonly chart: string;
  readonly args: readonly string[];
}

interface Result {
  readonly status: number;
  readonly output: string;
  readonly message: string;
}

function templateAll(cases: readonly Case[]): readonly Result[] {
  const answer = JSON.parse(
    execFileSync(process.execPath, [join(__dirname, 'template-all.mjs')], {
      input: JSON.stringify(cases),
      encoding: 'utf8',
      maxBuffer: 64 << 20,
    }),
  ) as readonly Result[] | { readonly skipped: string };
  if ('skipped' in answer) {
    process.stdout.write(`skipped: ${answer.skipped}\n`);
    return [];
  }
  return answer;
}

const set = (...pairs: string[]) => pairs.flatMap((pair) => ['--set', pair]);
const json = (pair: string) => ['--set-json', pair];

/** [what is wrong, chart, arguments, what the message must say: the key, and the cure] */
const refused: [string, string, string[], string[]][] = [
  [
    'a minimum above the maximum',
    'http-demo',
    set('autoscaling.minReplicas=7', 'autoscaling.maxReplicas=3'),
    ['autoscaling.minReplicas is 7, above autoscaling.maxReplicas 3', 'raise the maximum or lower the minimum'],
  ],
  [
    'a minimum above the maximum in one component',
    'sqs-worker',
    set('components.worker.autoscaling.minReplicas=11'),
    ['components.worker.autoscaling.minReplicas is 11, above components.worker.autoscaling.maxReplicas 10'],
  ],
  [
    'an HPA on CPU without a CPU request',
    'backend-api',
    json('resources.requests={"cpu":null}'),
    ['autoscaling.hpa.cpu is a percentage of a request that is missing: set resources.requests.cpu'],
  ],
  [
    'an HPA on memory without a memory request',
    'backend-api',
    json('resources.requests={"memory":null}'),
    ['autoscaling.hpa.memory is a percentage', 'set resources.requests.memory'],
  ],
  [
    'an HPA without a metric',
    'backend-api',
    set('autoscaling.hpa.cpu=0', 'autoscaling.hpa.memory=0'),
    ['autoscaling.mode is hpa without a metric: set autoscaling.hpa.cpu or autoscaling.hpa.memory'],
  ],
  [
    'an HPA from zero',
    'kafka-consumer',
    set('autoscaling.mode=hpa'),
    ['autoscaling.minReplicas is 0, which an HPA cannot do', 'set it to 1, or autoscaling.mode=keda'],
  ],
  [
    'KEDA without a trigger',
    'http-demo',
    set('autoscaling.triggers.prometheus.enabled=false'),
    ['autoscaling.mode is keda without a trigger', 'set autoscaling.triggers.<type>.enabled=true', 'prometheus'],
  ],
  [
    'zero with nothing but cpu and memory',
    'backend-api',
    set('autoscaling.mode=keda', 'autoscaling.minReplicas=0'),
    ['autoscaling.minReplicas is 0, but its only triggers are cpu and memory', 'set it to 1'],
  ],
  [
    "KEDA's cpu trigger without a CPU request",
    'data-api',
    json('resources.requests={"cpu":null}'),
    ['autoscaling.triggers.cpu.utilization is a percentage', 'set resources.requests.cpu'],
  ],
  [
    'idle replicas that are not below the minimum',
    'http-demo',
    set('autoscaling.keda.idleReplicas=1'),
    ['autoscaling.keda.idleReplicas is 1, not below autoscaling.minReplicas 1'],
  ],
  [
    'an empty cron window',
    'data-api',
    set('autoscaling.triggers.cron.end=0 8 * * 1-5'),
    ['autoscaling.triggers.cron.start and .end are the same'],
  ],
  [
    'a cron window that wants more than the maximum',
    'data-api',
    set('autoscaling.triggers.cron.desiredReplicas=6'),
    ['autoscaling.triggers.cron.desiredReplicas is 6, above autoscaling.maxReplicas 5'],
  ],
  [
    'more consumers than partitions',
    'kafka-consumer',
    set('autoscaling.maxReplicas=7'),
    [
      'autoscaling.maxReplicas is 7, above the 6 partitions of autoscaling.triggers.kafka.partitions',
      'allowIdleConsumers=true',
    ],
  ],
  [
    'Kafka options that exclude each other',
    'kafka-consumer',
    set(
      'autoscaling.triggers.kafka.allowIdleConsumers=true',
      'autoscaling.triggers.kafka.limitToPartitionsWithLag=true',
    ),
    ['autoscaling.triggers.kafka.allowIdleConsumers and .limitToPartitionsWithLag exclude each other'],
  ],
  [
    'a Kafka trigger without a topic and a group',
    'http-demo',
    set('autoscaling.triggers.kafka.enabled=true', 'autoscaling.triggers.kafka.partitions=100'),
    ['autoscaling.triggers.kafka.topic is empty: set it', 'autoscaling.triggers.kafka.consumerGroup is empty'],
  ],
  [
    'a queue without a name',
    'http-demo',
    set('autoscaling.triggers.sqs.enabled=true', 'autoscaling.triggers.sqs.auth=none'),
    ['autoscaling.triggers.sqs names no queue: set its queueName or queueUrl'],
  ],
  [
    'a queue whose credentials are nowhere',
    'sqs-worker',
    set('secret.mode=none'),
    [
      'components.worker.autoscaling.triggers.sqs.auth is secret, but secret.mode is none',
      'components.worker.autoscaling.triggers.sqs.auth=podIdentity',
    ],
  ],
  [
    'a queue whose credentials are not among the keys',
    'backend-api',
    set(
      'autoscaling.mode=keda',
      'autoscaling.triggers.sqs.enabled=true',
      'autoscaling.triggers.sqs.queueName=q',
      'secret.mode=existing',
      'secret.existingName=s',
    ),
    ['autoscaling.triggers.sqs.auth is secret, but secret.data has no AWS_ACCESS_KEY_ID'],
  ],
  [
    'a Prometheus trigger without a query',
    'http-demo',
    set('autoscaling.triggers.prometheus.query='),
    ['autoscaling.triggers.prometheus.query is empty'],
  ],
  [
    'an HTTP trigger without hosts',
    'http-demo',
    [...set('autoscaling.triggers.http.enabled=true'), ...json('autoscaling.triggers.http.hosts=[]')],
    ['autoscaling.triggers.http.hosts is empty: name the hosts whose requests wake http-demo'],
  ],
  [
    'an HTTP trigger without a Service',
    'http-demo',
    set('autoscaling.triggers.http.enabled=true', 'service.enabled=false'),
    ['service.enabled is false, but the http trigger sends requests to the Service'],
  ],
  [
    'an autoscaler for a CronJob',
    'health-check',
    set('autoscaling.mode=keda', 'autoscaling.triggers.cron.enabled=true'),
    ['autoscaling.mode is keda, but kind is CronJob', 'set autoscaling.mode=none, or kind=ScaledJob'],
  ],
  [
    'a ScaledJob without KEDA',
    'health-check',
    set('kind=ScaledJob'),
    ['kind is ScaledJob, but autoscaling.mode is none: set autoscaling.mode=keda'],
  ],
  [
    'a cluster without KEDA',
    'http-demo',
    set('global.checks=always', 'global.monitoring.enabled=false'),
    [
      'autoscaling.mode: the cluster has no keda.sh/v1alpha1/ScaledObject',
      'install KEDA, or set autoscaling.mode=hpa or none',
    ],
  ],
  [
    'a cluster without the HTTP add-on',
    'http-demo',
    [
      ...set('global.checks=always', 'global.monitoring.enabled=false', 'autoscaling.triggers.http.enabled=true'),
      '--api-versions',
      'keda.sh/v1alpha1/ScaledObject',
    ],
    ['autoscaling.triggers.http.enabled: the cluster has no http.keda.sh/v1beta1/InterceptorRoute'],
  ],
  [
    'a cluster without the Prometheus operator',
    'backend-api',
    set('global.checks=always'),
    ['the cluster has no monitoring.coreos.com/v1/ServiceMonitor', 'set global.monitoring.enabled=false'],
  ],
  [
    'a cluster without External Secrets',
    'backend-api',
    set(
      'global.checks=always',
      'global.monitoring.enabled=false',
      'secret.mode=external',
      'secret.external.store=s',
      'secret.external.remoteKey=k',
    ),
    ['secret.mode: the cluster has no external-secrets.io/v1/ExternalSecret', 'set secret.mode=existing'],
  ],
  [
    'a cluster without Sealed Secrets',
    'sqs-worker',
    set(
      'global.checks=always',
      'global.monitoring.enabled=false',
      'secret.mode=sealed',
      'secret.sealed.encryptedData.AWS_ACCESS_KEY_ID=a',
      'secret.sealed.encryptedData.AWS_SECRET_ACCESS_KEY=b',
    ),
    ['secret.mode: the cluster has no bitnami.com/v1alpha1/SealedSecret'],
  ],
  [
    'a PodDisruptionBudget that no drain could meet',
    'sqs-worker',
    set('components.api.pdb.minAvailable=3'),
    ['components.api.pdb.minAvailable is 3, above the minimum of 2 replicas', 'lower it or raise the minimum'],
  ],
  [
    'a grace period below the drain',
    'http-demo',
    set('drain.gracePeriodSeconds=20'),
    ['drain.gracePeriodSeconds is 20, below the 30 s of drain.preStopSleepSeconds and env.SHUTDOWN_GRACE_MS'],
  ],
  [
    'a metrics port that is none',
    'http-demo',
    set('metricsPort=metrics', 'tests.enabled=false'),
    ['metricsPort is metrics, which ports does not have: name one of http'],
  ],
  [
    'node ports of another type of Service',
    'http-demo',
    set('service.nodePorts.http=30115'),
    ['service.nodePorts is set, but service.type is ClusterIP: set it to NodePort'],
  ],
  [
    'a node port for no port',
    'http-demo',
    set('service.type=NodePort', 'service.nodePorts.web=30115'),
    ['service.nodePorts.web names no port: ports has http'],
  ],
  [
    'a Service for callers whom the NetworkPolicy cuts off',
    'http-demo',
    set('service.type=LoadBalancer'),
    ['service.type is LoadBalancer, but networkPolicy.cidrs is empty', 'or networkPolicy.enabled=false'],
  ],
  [
    'files without a folder',
    'http-demo',
    set('config.files.a=b'),
    ['config.files has files but config.mountPath is empty'],
  ],
  [
    'a claim without a size',
    'health-check',
    set('volumes.log.size='),
    ['volumes.log.size is empty: a claim needs one'],
  ],
  [
    'a volume for one node in many pods',
    'backend-api',
    set('volumes.logs.type=claim', 'volumes.logs.size=1Gi', 'volumes.logs.accessMode=ReadWriteOnce'),
    ['volumes.logs.accessMode is ReadWriteOnce, but there may be more than one pod'],
  ],
  [
    'a Secret to be made without its values',
    'backend-api',
    set('secret.mode=create'),
    ['secret.data.EXTERNAL_INTEGRATION_KEY_DEVELOPMENT is empty: pass it with --set', 'existing, external or sealed'],
  ],
  [
    'a Secret to be made without keys',
    'http-demo',
    set('secret.mode=create'),
    ['secret.mode is create, but secret.data is empty'],
  ],
  [
    'a Secret that exists under no name',
    'sqs-worker',
    set('secret.mode=existing'),
    ['secret.mode is existing, but secret.existingName is empty: name the Secret'],
  ],
  [
    'a secret store without a name',
    'backend-api',
    set('secret.mode=external'),
    ['secret.external.store is empty', 'secret.external.remoteKey is empty'],
  ],
  [
    'a sealed Secret without a key',
    'sqs-worker',
    set('secret.mode=sealed', 'secret.sealed.encryptedData.AWS_ACCESS_KEY_ID=a'),
    ['secret.sealed.encryptedData.AWS_SECRET_ACCESS_KEY is missing: add what kubeseal prints for it'],
  ],
  [
    'a sealed Secret with nothing in it',
    'http-demo',
    set('secret.mode=sealed'),
    ['secret.mode is sealed, but secret.sealed.encryptedData is empty'],
  ],
  // From the schema.
  ['an unknown key', 'http-demo', set('autoscaling.maxReplica=3'), ['autoscaling', 'maxReplica']],
  ['an unknown key of a component', 'sqs-worker', set('components.api.replica=3'), ['replica']],
  ['a component that is none', 'sqs-worker', set('components.web.replicas=3'), ['web']],
  ['an unknown variable', 'http-demo', set('env.GREETNG=hi'), ['GREETNG']],
  ['a text where a number is due', 'http-demo', set('autoscaling.maxReplicas=many'), ['autoscaling', 'maxReplicas']],
  ['a mode that does not exist', 'http-demo', set('autoscaling.mode=vpa'), ['mode', 'keda', 'hpa', 'none']],
  ['root as user', 'http-demo', set('podSecurity.runAsUser=0'), ['podSecurity', 'runAsUser']],
  ['a port that does not exist', 'http-demo', set('ports.http.containerPort=70000'), ['containerPort']],
  ['an unknown shared key', 'http-demo', set('global.image.tags=1'), ['tags']],
];

describe('values that cannot work', () => {
  jest.setTimeout(120_000);
  const results = templateAll(refused.map(([, chart, args]) => ({ chart, args })));
  const skipped = results.length === 0;

  (skipped ? it.skip.each : it.each)(refused.map((row, at) => [row[0], at] as const))('refuses %s', (_, at) => {
    const { status, message, output } = results[at] ?? { status: 0, message: '', output: '' };
    const [, , , parts] = refused[at] ?? ['', '', [], []];
    expect(status).not.toBe(0);
    expect(output).toBe('');
    for (const part of parts) expect(message).toContain(part);
  });
});

describe('values that look alike and work', () => {
  const allowed: [string, string, string[]][] = [
    ['the minimum itself as a budget: a documented choice', 'sqs-worker', set('components.api.pdb.minAvailable=2')],
    [
      'a cluster that has what is needed',
      'http-demo',
      [
        ...set('global.checks=always'),
        '--api-versions',
        'keda.sh/v1alpha1/ScaledObject',
        '--api-versions',
        'monitoring.coreos.com/v1/ServiceMonitor',
      ],
    ],
    ['no cluster to ask', 'http-demo', set('global.checks=auto')],
    ['nobody asked', 'http-demo', set('global.checks=never')],
    [
      'idle consumers on purpose',
      'kafka-consumer',
      set('autoscaling.maxReplicas=7', 'autoscaling.triggers.kafka.allowIdleConsumers=true'),
    ],
    ['more partitions', 'kafka-consumer', set('autoscaling.maxReplicas=7', 'env.KAFKA_PARTITIONS=7')],
    [
      'a ScaledJob',
      'health-check',
      set('kind=ScaledJob', 'autoscaling.mode=keda', 'autoscaling.triggers.cron.enabled=true'),
    ],
  ];
  const results = templateAll(allowed.map(([, chart, args]) => ({ chart, args })));

  (results.length === 0 ? it.skip.each : it.each)(allowed.map((row, at) => [row[0], at] as const))(
    'accepts %s',
    (_, at) => {
      expect(results[at]).toMatchObject({ status: 0, message: '' });
      expect(results[at]?.output).toMatch(/^kind: /m);
    },
  );
});
