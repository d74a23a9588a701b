// values.schema.json of each chart: one description of a component, the shared parts, and the chart's own variables.
// `examples` are valid values that differ from the defaults: the chart tests use them to see that every key changes something.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseDocument } from 'yaml';
import { root } from '../node.mjs';

const text = (description, examples, more = {}) => ({ type: 'string', description, examples, ...more });
const whole = (description, examples, minimum, maximum = 2147483647) => ({
  type: 'integer',
  description,
  examples,
  minimum,
  maximum,
});
const flag = (description) => ({ type: 'boolean', description });
const oneOf = (description, values) => ({ type: 'string', description, enum: values });
const object = (properties, more = {}) => ({ type: 'object', properties, additionalProperties: false, ...more });
const map = (description, values, more = {}) => ({
  type: 'object',
  description,
  additionalProperties: values,
  ...more,
});
const list = (description, items, examples, more = {}) => ({
  type: 'array',
  description,
  items,
  examples,
  ...more,
});
/** An integer, or empty text for "not set". */
const maybeWhole = (description, examples, minimum, maximum = 2147483647) => ({
  description,
  examples,
  anyOf: [
    { type: 'integer', minimum, maximum },
    { type: 'string', const: '' },
  ],
});

const name = { pattern: '^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$', maxLength: 63 };
const maybeName = { pattern: '^([a-z0-9]([-a-z0-9.]*[a-z0-9])?)?$', maxLength: 63 };
const quantity = { pattern: '^[0-9]+(\\.[0-9]+)?(m|k|Ki|M|Mi|G|Gi|T|Ti)?$' };
const maybeQuantity = { pattern: '^([0-9]+(\\.[0-9]+)?(m|k|Ki|M|Mi|G|Gi|T|Ti)?)?$' };
const duration = { pattern: '^([0-9]+(ms|s|m|h))+$' };
const labels = (description, examples) => ({
  ...map(description, { type: 'string' }),
  examples: [examples],
});
const port = (description, examples) => whole(description, examples, 1, 65535);

const probe = (what, numbers) =>
  object(
    {
      path: text(`Path of the ${what} probe.`, ['/probe'], { pattern: '^/' }),
      initialDelaySeconds: whole('Seconds before the first probe.', [7], 0),
      periodSeconds: whole('Seconds between probes.', [7], 1),
      timeoutSeconds: whole('Seconds until a probe counts as failed.', [7], 1),
      failureThreshold: whole('Failures in a row until it counts.', [7], 1),
      ...numbers,
    },
    { description: `The ${what} probe.` },
  );

const resources = (what) =>
  object(
    {
      cpu: text(`CPU ${what}.`, ['123m'], quantity),
      memory: text(`Memory ${what}.`, ['123Mi'], quantity),
      'ephemeral-storage': text(`Local disk ${what}.`, ['123Mi'], quantity),
    },
    { description: `Resource ${what}.` },
  );

const policies = list(
  'Policies.',
  object(
    {
      type: oneOf('Unit.', ['Pods', 'Percent']),
      value: whole('How many.', [3], 1),
      periodSeconds: whole('In this time.', [30], 1, 1800),
    },
    { required: ['type', 'value', 'periodSeconds'] },
  ),
  [[{ type: 'Pods', value: 3, periodSeconds: 30 }]],
);
const direction = (what) =>
  object(
    {
      stabilizationWindowSeconds: whole('Seconds looked back on.', [33], 0, 3600),
      selectPolicy: oneOf('Which policy wins.', ['Max', 'Min', 'Disabled']),
      policies,
    },
    { description: `Bounds of scaling ${what}.` },
  );

const enabled = flag('Whether it is used.');
const triggers = {
  cpu: object({ enabled, utilization: whole('Percent of the CPU request.', [44], 1) }),
  memory: object({ enabled, utilization: whole('Percent of the memory request.', [44], 1) }),
  cron: object({
    enabled,
    timezone: text('IANA time zone.', ['Europe/Berlin'], { minLength: 1 }),
    start: text('Cron expression of the beginning.', ['0 6 * * 1-5'], { minLength: 9 }),
    end: text('Cron expression of the end.', ['0 20 * * 1-5'], { minLength: 9 }),
    desiredReplicas: whole('Replicas in the window.', [3, 1], 1),
  }),
  sqs: object({
    enabled,
    queueName: text('Name of the queue; a template.', ['another-queue']),
    queueUrl: text('Whole URL of the queue; a template. Empty: endpoint, account and queueName.', [
      'http://sqs.example.com/1/q',
    ]),
    queueLength: whole('Messages a replica.', [77], 1),
    activationQueueLength: whole('More messages than this wake the first replica.', [7], 0),
    scaleOnInFlight: flag('Whether messages in work count.'),
    scaleOnDelayed: flag('Whether delayed messages count.'),
    auth: { ...oneOf('How KEDA signs in.', ['secret', 'podIdentity', 'none']), examples: ['none', 'podIdentity'] },
  }),
  kafka: object({
    enabled,
    bootstrapServers: text('host:port of brokers, with commas; a template.', ['kafka.example.com:9092']),
    topic: text('Topic; a template.', ['another-topic']),
    consumerGroup: text('Consumer group; a template.', ['another-group']),
    partitions: {
      description: 'Partitions of the topic: the ceiling of maxReplicas. A number or a template.',
      anyOf: [{ type: 'integer', minimum: 1 }, { type: 'string', pattern: '^([0-9]+|.*\\{\\{.*\\}\\}.*)$' }],
      examples: [77],
    },
    lagThreshold: whole('Lag a replica.', [77], 1),
    activationLagThreshold: whole('More lag than this wakes the first replica.', [7], 0),
    offsetResetPolicy: oneOf('Where a group without offsets begins.', ['latest', 'earliest']),
    allowIdleConsumers: flag('More replicas than partitions.'),
    excludePersistentLag: flag('Leaves out partitions that do not move.'),
    limitToPartitionsWithLag: flag('No more replicas than partitions with lag.'),
  }),
  prometheus: object({
    enabled,
    serverAddress: text('URL of Prometheus; a template.', ['http://prometheus.example.com:9090']),
    query: text('PromQL with one value; a template.', ['sum(up)']),
    threshold: { type: 'number', description: 'Value a replica.', exclusiveMinimum: 0, examples: [77.5] },
    activationThreshold: {
      type: 'number',
      description: 'More than this wakes the first replica.',
      minimum: 0,
      examples: [7.5],
    },
    ignoreNullValues: flag('No series counts as 0 instead of an error.'),
  }),
  http: object({
    enabled,
    scalerAddress: text("host:port of the add-on's scaler; a template.", ['scaler.example.com:9090']),
    hosts: list('Hosts whose requests count; templates.', { type: 'string', minLength: 1 }, [['a.example.com']]),
    metric: oneOf('What is counted.', ['requestRate', 'concurrency']),
    targetValue: whole('Requests per second, or at once, a replica.', [77], 1),
    window: text('Over which the rate is averaged.', ['45s'], duration),
    granularity: text('Buckets of the window.', ['3s'], duration),
  }),
};

const autoscaling = object({
  mode: oneOf('Who owns the number of replicas.', ['keda', 'hpa', 'none']),
  minReplicas: whole('Fewest replicas.', [3], 0),
  maxReplicas: whole('Most replicas.', [4], 0),
  behavior: object(
    { scaleUp: direction('up'), scaleDown: direction('down') },
    { type: ['object', 'null'], description: "The HPA's behavior; KEDA passes it on. null: none, as Kubernetes has it by default." },
  ),
  hpa: object({
    cpu: whole('Percent of the CPU request; 0: not used.', [44], 0),
    memory: whole('Percent of the memory request; 0: not used.', [44], 0),
  }),
  keda: object({
    pollingInterval: maybeWhole('Seconds; empty: global.autoscaling. Governs 0 <-> 1 only.', [11], 1),
    cooldownPeriod: maybeWhole('Seconds; empty: global.autoscaling. Governs 1 -> 0 only.', [111], 0),
    initialCooldownPeriod: whole('Seconds after creation without scaling to zero.', [22], 0),
    idleReplicas: maybeWhole('Replicas while no trigger is active; empty: minReplicas.', [0], 0),
    restoreToOriginalReplicaCount: flag('Whether removing the ScaledObject restores the number.'),
    annotations: labels('Of the ScaledObject: pausing and the like.', {
      'autoscaling.keda.sh/paused': 'true',
    }),
    fallback: object({
      failureThreshold: whole('Failed queries before the fallback serves; 0: none.', [5], 0),
      replicas: whole('Replicas served then.', [6], 0),
      behavior: oneOf('How they are taken.', [
        'static',
        'currentReplicas',
        'currentReplicasIfHigher',
        'currentReplicasIfLower',
      ]),
    }),
  }),
  triggers: object(triggers),
});

const volume = object(
  {
    mountPath: text('Where it is mounted.', ['/elsewhere'], { pattern: '^/' }),
    type: oneOf('emptyDir goes with the pod, claim stays.', ['emptyDir', 'claim']),
    size: text('Of the claim, or limit of the emptyDir.', ['123Mi'], maybeQuantity),
    accessMode: oneOf('Of the claim.', [
      'ReadWriteOnce',
      'ReadWriteMany',
      'ReadWriteOncePod',
      'ReadOnlyMany',
    ]),
    storageClass: text("Of the claim; empty: the cluster's default.", ['fast'], maybeName),
    existingClaim: text('A claim that exists.', ['kept'], maybeName),
    persistentVolume: {
      ...object({
        hostPath: object({
          path: text('Folder of the node.', ['/data'], { pattern: '^/' }),
          type: text('Kind of path.', ['Directory']),
        }),
        nfs: object({
          server: text('Server.', ['nfs.example.com']),
          path: text('Export.', ['/data'], { pattern: '^/' }),
          readOnly: flag('Not writable.'),
        }),
        csi: object({
          driver: text('Driver.', ['ebs.csi.aws.com']),
          volumeHandle: text('Volume.', ['vol-1']),
          fsType: text('File system.', ['ext4']),
          volumeAttributes: labels("The driver's own.", { a: 'b' }),
        }),
      }),
      description: 'Source of a PersistentVolume to be made for the claim: one of these.',
      maxProperties: 1,
      'x-leaf': true,
      examples: [{ hostPath: { path: '/data' } }],
    },
  },
  { required: ['type', 'mountPath'] },
);

const component = (env) => ({
  kind: oneOf('What runs the pods.', ['Deployment', 'CronJob', 'ScaledJob']),
  nameSuffix: text('Objects are called <release>-<nameSuffix>.', ['other'], maybeName),
  image: object({
    name: text('Below the registry.', ['other'], { minLength: 1 }),
    tag: text('Empty: global.image.tag.', ['9.9.9']),
    digest: text('Wins over the tag.', [`sha256:${'0'.repeat(64)}`], {
      pattern: '^(sha256:[0-9a-f]{64})?$',
    }),
  }),
  replicas: whole('Pods with autoscaling.mode none.', [3], 0),
  revisionHistoryLimit: whole('Old ReplicaSets kept.', [7], 0),
  strategy: object({
    type: oneOf('How pods are replaced.', ['RollingUpdate', 'Recreate']),
    maxSurge: {
      description: 'Pods above the number, or percent.',
      anyOf: [
        { type: 'integer', minimum: 0 },
        { type: 'string', pattern: '^[0-9]+%$' },
      ],
      examples: [2],
    },
    maxUnavailable: {
      description: 'Pods below the number, or percent.',
      anyOf: [
        { type: 'integer', minimum: 0 },
        { type: 'string', pattern: '^[0-9]+%$' },
      ],
      examples: ['30%'],
    },
  }),
  podLabels: labels('More labels of pods.', { team: 'a' }),
  podAnnotations: labels('More annotations of pods.', { team: 'a' }),
  ports: map(
    'Ports by name.',
    object(
      {
        containerPort: port('Where the app listens.', [12345]),
        servicePort: whole("The Service's port; 0: not in the Service.", [12345], 0, 65535),
        env: text('Variable that tells the app the port.', ['OTHER_PORT'], { pattern: '^([A-Z][A-Z0-9_]*)?$' }),
      },
      { required: ['containerPort'] },
    ),
    { propertyNames: { pattern: '^[a-z][-a-z0-9]{0,14}$' } },
  ),
  metricsPort: text('Port with the probes and /metrics.', ['other']),
  env: object(env, { description: "The app's variables; texts may be templates, empty means not set." }),
  useSecret: flag('Whether its pods get the keys of secret.'),
  service: object({
    enabled: flag('Whether there is a Service.'),
    name: text('Empty: the name of the component.', ['other'], maybeName),
    type: oneOf('Type of the Service.', ['ClusterIP', 'NodePort', 'LoadBalancer']),
    nodePorts: map('Node ports by port name; 0: none.', whole('Node port.', [30333], 0, 32767)),
    annotations: labels('Of the Service; empty ones are left out.', { a: 'b' }),
  }),
  serviceAccount: object({
    annotations: labels('Of the ServiceAccount.', { 'eks.amazonaws.com/role-arn': 'arn:aws:iam::1:role/r' }),
    automountToken: flag("Whether pods can talk to the cluster's API."),
  }),
  probes: object({
    startup: probe('startup'),
    readiness: probe('readiness', { successThreshold: whole('Successes until it counts again.', [2], 1) }),
    liveness: probe('liveness'),
  }),
  resources: object({ requests: resources('requests'), limits: resources('limits') }),
  drain: object({
    preStopSleepSeconds: whole('Before the app hears SIGTERM.', [9], 0),
    marginSeconds: whole("After the app's own SHUTDOWN_GRACE_MS.", [99], 0),
    gracePeriodSeconds: maybeWhole('Empty: the sum.', [999], 1),
  }),
  podSecurity: object({
    runAsUser: whole('User id; 0 is refused.', [4321], 1),
    fsGroup: whole('Group id of volumes.', [4321], 1),
  }),
  scheduling: object({
    spreadZones: flag('Spread over zones, softly.'),
    spreadHosts: flag('Spread over nodes, softly.'),
    antiAffinityWeight: whole('Weight of soft anti-affinity over nodes; 0: none.', [77], 0, 100),
    nodeSelector: labels('Labels that nodes must have.', { pool: 'a' }),
    tolerations: list(
      'Taints that are tolerated.',
      object({
        key: text('Key.', ['a']),
        operator: oneOf('Operator.', ['Exists', 'Equal']),
        value: text('Value.', ['b']),
        effect: oneOf('Effect.', ['NoSchedule', 'PreferNoSchedule', 'NoExecute']),
        tolerationSeconds: whole('Seconds.', [60], 0),
      }),
      [[{ key: 'a', operator: 'Exists' }]],
    ),
    priorityClassName: text('PriorityClass.', ['high'], maybeName),
  }),
  volumes: map('Volumes by name.', volume, { propertyNames: name }),
  config: object({
    mountPath: text('Folder of the files.', ['/etc/app'], { pattern: '^(/.*)?$' }),
    files: labels('Content by file name.', { 'a.txt': 'b' }),
  }),
  job: object({
    schedule: text('Cron expression of the CronJob.', ['7 * * * *'], { minLength: 9 }),
    timeZone: text('Of the schedule; empty: UTC of the controller.', ['Europe/Berlin']),
    suspend: flag('Whether the CronJob starts nothing.'),
    concurrencyPolicy: oneOf('While another one still runs.', ['Allow', 'Forbid', 'Replace']),
    successfulJobsHistoryLimit: whole('Finished Jobs kept.', [7], 0),
    failedJobsHistoryLimit: whole('Failed Jobs kept.', [7], 0),
    backoffLimit: whole('Tries after the first.', [7], 0),
    activeDeadlineSeconds: whole('Bound of one run.', [77], 1),
  }),
  autoscaling,
  pdb: object({
    enabled: flag('Whether drains are held back.'),
    minAvailable: maybeWhole('Pods that a drain leaves; empty: max(1, minimum - 1), none below a minimum of 2.', [1], 1),
    unhealthyPodEvictionPolicy: oneOf('Whether broken pods may always be evicted.', [
      'AlwaysAllow',
      'IfHealthyBudget',
    ]),
  }),
  networkPolicy: object({
    enabled: flag('Whether traffic is fenced.'),
    namespaces: list('Namespaces that may call; empty: all.', { type: 'string', ...name }, [['web']]),
    cidrs: list(
      'Addresses outside that may call.',
      { type: 'string', pattern: '^[0-9a-fA-F.:]+/[0-9]{1,3}$' },
      [['10.0.0.0/8']],
    ),
    egressPorts: list('Ports that pods may call besides DNS.', { type: 'integer', minimum: 1, maximum: 65535 }, [
      [1234],
    ]),
  }),
  monitoring: object({
    serviceMonitor: flag('Whether Prometheus scrapes it.'),
    scrapeRole: flag('Whether Prometheus is allowed to look it up.'),
    rules: object({
      enabled: flag('Whether there are alerts.'),
      maxedOutFor: text('At the maximum for this long.', ['33m'], duration),
      restarts: whole('Restarts in ten minutes.', [7], 0),
      backlogSeconds: whole('Age of the oldest work; 0: no queue.', [77], 0),
      deadLetters: flag('Whether dead letters alert.'),
    }),
    dashboard: object({
      enabled: flag('Whether there is a dashboard.'),
      panels: list(
        'Panels.',
        object(
          {
            title: text('Title.', ['a']),
            expr: text('PromQL; a template.', ['up']),
            unit: text("Grafana's unit.", ['s']),
          },
          { required: ['title', 'expr', 'unit'] },
        ),
        [[{ title: 'Up', expr: 'up', unit: 'short' }]],
      ),
    }),
  }),
  tests: object({
    enabled: flag('Whether `helm test` has pods for it.'),
    path: text('Asked in the test.', ['/health'], { pattern: '^/' }),
    node: text('Node in the image.', ['/nodejs/bin/node'], { minLength: 1 }),
    host: text("Asked for through the HTTP add-on's proxy; a template.", ['a.example.com']),
  }),
});

const global = object(
  {
    image: object({
      registry: text('Registry and folder.', ['registry.example.com/x'], { minLength: 1 }),
      tag: text('Tag.', ['9.9.9'], { pattern: '^[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}$' }),
      pullPolicy: oneOf('Pull policy.', ['IfNotPresent', 'Always', 'Never']),
      pullSecrets: list('Secrets with registry credentials.', { type: 'string', ...name }, [['registry']]),
    }),
    endpoints: object({
      aws: text('Of an emulator; empty: AWS itself.', ['http://aws.example.com'], {
        pattern: '^(https?://[^/]+)?$',
      }),
      awsRegion: text('Region.', ['eu-west-1'], { minLength: 1 }),
      awsAccount: text('Account id.', ['123456789012'], { pattern: '^[0-9]{12}$' }),
      kafka: text('host:port of brokers, with commas.', ['kafka.example.com:9092'], {
        pattern: '^[^\\s,:]+:[0-9]+(,[^\\s,:]+:[0-9]+)*$',
      }),
      externalApi: text('URL of the external API.', ['http://external.example.com'], { pattern: '^https?://' }),
      prometheus: text('URL of Prometheus.', ['http://prometheus.example.com'], { pattern: '^https?://' }),
      httpScaler: text("host:port of the HTTP add-on's scaler.", ['scaler.example.com:9090']),
      httpProxy: text("host:port of the HTTP add-on's proxy.", ['proxy.example.com:8080']),
    }),
    monitoring: object({
      enabled: flag('ServiceMonitors, rules and dashboards.'),
      release: text('Release of kube-prometheus-stack.', ['other'], { minLength: 1 }),
      namespace: text('Its namespace.', ['other'], { minLength: 1 }),
      serviceAccount: text("Its Prometheus' ServiceAccount.", ['other'], { minLength: 1 }),
      interval: text('Between scrapes.', ['7s'], duration),
      runbooks: text('Prefix of runbook links.', ['https://runbooks.example.com/']),
    }),
    autoscaling: object({
      pollingInterval: whole('Seconds between polls of KEDA; governs 0 <-> 1 only.', [11], 1),
      cooldownPeriod: whole('Seconds before 1 -> 0; governs nothing else.', [111], 0),
    }),
    checks: {
      ...oneOf('Whether charts look for the CRDs and Secrets that they need.', ['auto', 'always', 'never']),
      'x-check': true,
    },
  },
  { description: 'The same for every chart: shared-values.yaml.' },
);

const secret = (keys) =>
  object({
    mode: oneOf('Where the Secret comes from.', ['none', 'create', 'existing', 'external', 'sealed']),
    nameSuffix: text('Its name is <release>-<nameSuffix>.', ['other'], { ...name, minLength: 1 }),
    existingName: text('Name of one that exists.', ['other'], maybeName),
    data: object(Object.fromEntries(keys.map((key) => [key, text('Value in mode create.', ['another'])])), {
      description: 'Keys that pods get as variables.',
    }),
    external: object({
      store: text('SecretStore.', ['vault']),
      storeKind: oneOf('Kind of the store.', ['ClusterSecretStore', 'SecretStore']),
      refreshInterval: text('Between looks at the store.', ['7m'], duration),
      remoteKey: text('Path in the store.', ['a/b']),
    }),
    sealed: object({
      encryptedData: labels('Output of kubeseal, by key.', { A: 'b' }),
    }),
  });

/** Type and comment of each variable, from values.yaml. */
function envSchema(env) {
  const settings = {};
  for (const pair of env?.items ?? []) {
    const value = pair.value.toJSON();
    const comment = (pair.key.commentBefore ?? '').trim().replace(/\s+/g, ' ');
    const kind = typeof value;
    settings[pair.key.value] = {
      description: comment || `Variable ${pair.key.value} of the app.`,
      ...(kind === 'boolean'
        ? { type: ['boolean', 'string'], examples: [!value] }
        : kind === 'number'
          ? { type: ['number', 'string'], examples: [value + 1] }
          : { type: 'string', examples: ['another'] }),
    };
  }
  return settings;
}

export function valuesSchema(chart) {
  const folder = join(root, 'charts', chart);
  const values = parseDocument(readFileSync(join(folder, 'values.yaml'), 'utf8'));
  const components = values.get('components');
  const keys = (values.getIn(['secret', 'data'])?.items ?? []).map((pair) => pair.key.value);
  const properties = {
    global,
    // Helm puts the library's own values here.
    common: object({ exports: { type: 'object' }, global: { type: 'object' } }),
    secret: secret(keys),
    ...(components
      ? {
          components: object(
            Object.fromEntries(
              components.items.map(({ key, value }) => [key.value, object(component(envSchema(value.get('env'))))]),
            ),
          ),
        }
      : component(envSchema(values.get('env')))),
  };
  return {
    $schema: 'http://json-schema.org/draft-07/schema#',
    title: `Values of ${chart}`,
    ...object(properties),
  };
}
