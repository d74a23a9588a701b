import { inCheck, type Sabotage } from './sabotage';

const cluster = 'deploy/eks/cluster.yaml';

export const eks: readonly Sabotage[] = [
  ...inCheck('EKS cluster', [
    [cluster, 'name: keda-cluster', 'name: cluster', /metadata\.name is cluster/],
    [cluster, 'desiredCapacity: 3', 'desiredCapacity: 2', /has 2 nodes, not 3/],
    [cluster, 'minSize: 3', 'minSize: 4', /minSize <= desiredCapacity/],
    [
      cluster,
      'volumeSize: 50',
      'volumeSise: 50',
      /\/managedNodeGroups\/0 must NOT have additional properties: volumeSise/,
    ],
    [cluster, '  - name: eks-pod-identity-agent\n', '', /has no addon eks-pod-identity-agent/],
    [
      cluster,
      '"enableNetworkPolicy": "true"',
      '"enableNetworkPolicy": "false"',
      /does not enforce NetworkPolicies/,
    ],
    [cluster, 'us-east-1a, us-east-1b', 'us-east-1a, us-east-1a', /name three/],
    [cluster, 'Action: sqs:SendMessage', "Action: 'sqs:*'", /sqs:\* allows more than it needs/],
    [cluster, 'table/kafka-consumer-events', '*', /kafka-consumer: .*\* is every resource/],
    [
      cluster,
      'table/kafka-consumer-events',
      'table/kafka-events',
      /kafka-consumer\/kafka-consumer may not use .*kafka-consumer-events, which its chart names/,
    ],
    [
      cluster,
      'table/sqs-worker-items',
      'table/items',
      /sqs-worker\/sqs-worker may use .*table\/items, which its chart does not name/,
    ],
    [
      cluster,
      'serviceAccountName: sqs-worker-api',
      'serviceAccountName: api',
      /sqs-worker\/sqs-worker-api uses .* and has no association/,
    ],
    [
      cluster,
      'serviceAccountName: kafka-consumer',
      'serviceAccountName: consumer',
      /kafka-consumer\/consumer has an association .*no chart needs it/,
    ],
    [
      cluster,
      'arn:aws:dynamodb:us-east-1:',
      'arn:aws:dynamodb:eu-west-1:',
      /in another region than the cluster/,
    ],
    [cluster, "'secretsmanager:DescribeSecret'", "'ssm:DescribeSecret'", /has actions of another service/],
  ]),
  ...inCheck('Renovate', [
    [
      'renovate.json',
      '"helpers:pinGitHubActionDigests",',
      '',
      /extends lacks helpers:pinGitHubActionDigests/,
    ],
    [
      'renovate.json',
      '/^ansible/requirements\\\\.txt$/',
      '/^ansible/needs\\\\.txt$/',
      /pip_requirements: no file matches/,
    ],
    ['renovate.json', 'uses: azure/setup-helm@', 'uses: azure/helm@', /Helm of the workflows: finds nothing/],
    ['renovate.json', '(?<currentValue>v[\\\\d.]+)', 'v[\\\\d.]+', /finds something without name or version/],
  ]),
];
