// EKS: the cluster has what the charts' profile eks asks for, and the identities of its pods may do no more than their work.
import { charts } from '../charts/releases.mjs';
import { eksFile, exists, readText, readYaml, readYamlObjects } from './files.mjs';
import { eksctl, told } from './schemas.mjs';

const list = (value) => [value].flat();

/** Name of a resource in an ARN, with its service: `sqs:sqs-worker-messages`, `dynamodb:table/items`. */
function parts(arn) {
  const [, , service, region, account, ...name] = arn.split(':');
  return { service, region, account, name: name.join(':') };
}

export function checkEks(root) {
  const cluster = readYaml(root, eksFile);
  const problems = [];
  const say = (text) => problems.push(`${eksFile}: ${text}`);
  if (!eksctl(cluster)) {
    for (const text of told(eksctl.errors)) say(text);
    return problems;
  }
  if (cluster.metadata.name !== 'keda-cluster')
    say(`metadata.name is ${cluster.metadata.name}, not keda-cluster`);
  const nodes = (cluster.managedNodeGroups ?? []).reduce(
    (sum, { desiredCapacity = 0 }) => sum + desiredCapacity,
    0,
  );
  if (nodes !== 3) say(`has ${nodes} nodes, not 3`);
  if (new Set(cluster.availabilityZones).size < 3) say('the charts spread pods over zones: name three');
  for (const { name, minSize, maxSize, desiredCapacity } of cluster.managedNodeGroups ?? [])
    if (!(minSize <= desiredCapacity && desiredCapacity <= maxSize))
      say(`${name}: minSize <= desiredCapacity <= maxSize does not hold`);
  for (const addon of ['eks-pod-identity-agent', 'vpc-cni', 'coredns', 'kube-proxy', 'aws-ebs-csi-driver'])
    if (!(cluster.addons ?? []).some(({ name }) => name === addon)) say(`has no addon ${addon}`);
  const network = cluster.addons?.find(({ name }) => name === 'vpc-cni')?.configurationValues;
  if (network && JSON.parse(network).enableNetworkPolicy !== 'true')
    say('vpc-cni does not enforce NetworkPolicies');

  const associations = cluster.iam?.podIdentityAssociations ?? [];
  const known = new Map(
    associations.map((entry) => [`${entry.namespace}/${entry.serviceAccountName}`, entry]),
  );
  if (known.size !== associations.length) say('a service account has two associations');
  const statements = (entry) => list(entry.permissionPolicy?.Statement ?? []);
  for (const [account, entry] of known) {
    if (entry.permissionPolicyARNs || entry.wellKnownPolicies)
      say(`${account}: policies of AWS allow more than it needs: write its own`);
    if (statements(entry).length === 0) say(`${account}: has no policy`);
    for (const { Action, Resource } of statements(entry)) {
      for (const action of list(Action))
        if (action.includes('*')) say(`${account}: ${action} allows more than it needs`);
      for (const resource of list(Resource)) {
        const { service, name, region } = parts(resource);
        if (resource === '*' || name === '*') say(`${account}: ${resource} is every resource`);
        if (region && region !== cluster.metadata.region)
          say(`${account}: ${resource} is in another region than the cluster`);
        if (list(Action).some((action) => !action.startsWith(`${service}:`)))
          say(`${account}: ${resource} has actions of another service`);
      }
    }
  }
  const wanted = new Map();
  for (const chart of charts.filter((name) => exists(root, `charts/${name}/rendered/eks.yaml`)))
    for (const object of readYamlObjects(readText(root, `charts/${chart}/rendered/eks.yaml`), chart))
      collect(object, wanted, say);
  for (const [account, resources] of wanted) {
    const entry = known.get(account);
    if (!entry) {
      say(`${account} uses ${[...resources].join(', ')} and has no association`);
      continue;
    }
    const allowed = new Set(statements(entry).flatMap(({ Resource }) => list(Resource)));
    for (const resource of resources)
      if (!allowed.has(resource)) say(`${account} may not use ${resource}, which its chart names`);
    for (const resource of allowed)
      if (!resources.has(resource)) say(`${account} may use ${resource}, which its chart does not name`);
  }
  for (const [account, entry] of known)
    if (!wanted.has(account)) say(`${account} has an association (${entry.roleName}), and no chart needs it`);
  return problems;
}

/** What the pods of an object, or KEDA for it, use of AWS: service account -> ARNs. */
function collect(object, wanted, say) {
  const add = (account, ...arns) => wanted.set(account, new Set([...(wanted.get(account) ?? []), ...arns]));
  if (object.kind === 'Deployment') {
    const { serviceAccountName, containers } = object.spec.template.spec;
    const env = Object.fromEntries(
      containers.flatMap(({ env: all = [] }) => all.map(({ name, value }) => [name, value])),
    );
    const queues = [env.QUEUE_NAME, env.DEAD_LETTER_QUEUE_NAME].filter(Boolean);
    const table = env.ROLE === 'api' ? undefined : env.TABLE_NAME;
    const [region, account] = [env.AWS_DEFAULT_REGION ?? env.AWS_REGION, '000000000000'];
    if (queues.length + (table ? 1 : 0) === 0) return;
    if (!region) say(`${object.metadata.name}: its chart names no region`);
    add(
      `${object.metadata.namespace}/${serviceAccountName}`,
      ...queues.map((name) => `arn:aws:sqs:${region}:${account}:${name}`),
      ...(table ? [`arn:aws:dynamodb:${region}:${account}:table/${table}`] : []),
    );
  }
  for (const { type, metadata } of object.kind === 'ScaledObject' ? object.spec.triggers : [])
    if (type === 'aws-sqs-queue') {
      const [account, name] = new URL(metadata.queueURL).pathname.slice(1).split('/');
      add('keda/keda-operator', `arn:aws:sqs:${metadata.awsRegion}:${account}:${name}`);
    }
  if (object.kind === 'ExternalSecret')
    add(
      'external-secrets/external-secrets',
      'arn:aws:secretsmanager:us-east-1:000000000000:secret:scalelab/*',
    );
}
