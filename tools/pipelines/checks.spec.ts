import { execFileSync } from 'node:child_process';
import { join } from 'node:path';

interface Sabotage {
  readonly check: string;
  readonly file?: string;
  readonly from?: string;
  readonly to?: string | null;
  readonly says?: RegExp;
}
interface Result {
  readonly problems: readonly string[];
  readonly skipped?: string;
}

const release = '.github/workflows/release.yml';
const gitlab = '.gitlab-ci.yml';
const flux = 'deploy/flux';
const eks = 'deploy/eks/cluster.yaml';
const inCheck = (
  check: string,
  rows: readonly (readonly [string, string, string | null, RegExp])[],
): readonly Sabotage[] => rows.map(([file, from, to, says]) => ({ check, file, from, to, says }));

const sabotages: readonly Sabotage[] = [
  ...inCheck('published schemas of workflows, GitLab CI and Renovate', [
    [
      release,
      'timeout-minutes: 60',
      'timeout-minute: 60',
      /release\.yml: \/jobs\/image.*additional properties: timeout-minute/,
    ],
    [gitlab, 'resource_group: production', 'resource_group: [production]', /gitlab-ci\.yml: \/deploy/],
    [
      'renovate.json',
      '"prConcurrentLimit": 5',
      '"prConcurrentLimit": "five"',
      /renovate\.json: \/prConcurrentLimit must be integer/,
    ],
  ]),
  ...inCheck('actionlint', [
    [release, 'needs: [check, kind]', 'needs: [check, king]', /release\.yml:\d+:\d+: .*king/],
    [
      release,
      'github.repository_owner',
      'github.repository_owners',
      /property "repository_owners" is not defined/,
    ],
    ['.github/workflows/e2e.yml', 'workflow_call:', 'workflow_cal:', /workflow_cal/],
  ]),
  ...inCheck('what the pipelines call', [
    [release, 'images "$APP" --registry', 'image "$APP" --registry', /there is no command image/],
    [
      'Jenkinsfile',
      '--platforms "$PLATFORMS"',
      '--platform "$PLATFORMS"',
      /Jenkinsfile: sh \d+: .*\n.*images has no option --platform;/,
    ],
    [gitlab, '--status success', '--status succeeded', /--status is "succeeded"/],
    [gitlab, '--profile kind-demo', '--profile kind', /--profile is "kind"/],
    ['Jenkinsfile', 'bash .ci/run', 'bash .ci/runs', /\.ci\/runs does not exist/],
    [
      '.github/workflows/check.yml',
      'node tools/release.mjs charts',
      'node tools/releases.mjs charts',
      /tools\/releases\.mjs does not exist/,
    ],
    ['.github/workflows/e2e.yml', 'npm run e2e --', 'npm run e3e --', /package\.json has no script e3e/],
    [
      '.github/workflows/e2e.yml',
      'playbooks/site.yml',
      'playbooks/sites.yml',
      /playbooks\/sites\.yml does not exist in ansible/,
    ],
    [
      '.github/workflows/e2e.yml',
      '--requirement ansible/',
      '--requirement ansibel/',
      /ansibel\/requirements\.txt does not exist/,
    ],
    [
      gitlab,
      'node tools/release.mjs deploy --context "$CONTEXT" --profile "$PROFILE"',
      'helm upgrade "$CONTEXT"',
      /"helm upgrade .* belongs into tools\/release\.mjs/,
    ],
  ]),
  ...inCheck('stages of every pipeline', [
    [
      'Jenkinsfile',
      'charts --registry "$REGISTRY"\'',
      "version'",
      /Jenkinsfile: does not lint and package charts/,
    ],
    ['.github/workflows/deploy.yml', '--tag "$TAG" --test', '--tag "$TAG"', null as never],
    [gitlab, 'bash .ci/run', 'npm test', /gitlab-ci\.yml: does not check the tree/],
    [
      gitlab,
      '--push --sign --identity "^$CI_PROJECT_URL//\\.gitlab-ci\\.yml@" --issuer "$CI_SERVER_URL"\n\npackage',
      '--push\n\npackage',
      /gitlab-ci\.yml: does not sign images/,
    ],
  ]).filter(({ says }) => says !== null),
  ...inCheck('apps in every matrix', [
    [release, 'health-check, emulators]', 'health-check]', /release\.yml: image: its matrix lacks emulators/],
    [
      '.github/workflows/check.yml',
      '[backend-api, ',
      '[lab, backend-api, ',
      /check\.yml: image: its matrix has lab, which has no image/,
    ],
    [gitlab, '- APP: [backend-api, ', '- APP: [', /gitlab-ci\.yml: \.image: its matrix lacks backend-api/],
    [
      release,
      'matrix:\n        app:',
      'matrix:\n        application:',
      /release\.yml: image: builds \$APP without a matrix/,
    ],
  ]),
  ...inCheck('safety of workflows', [
    [
      release,
      '@9c091bb21b7c1c1d1991bb908d89e4e9dddfe3e0 # v7.0.0',
      '@v7.0.0',
      /actions\/checkout@v7\.0\.0 is no commit/,
    ],
    [
      release,
      'dddfe3e0 # v7.0.0',
      'dddfe3e0 # v7',
      /actions\/checkout@9c091bb has no comment with its version/,
    ],
    [
      release,
      '9c091bb21b7c1c1d1991bb908d89e4e9dddfe3e0',
      '0c091bb21b7c1c1d1991bb908d89e4e9dddfe3e0',
      /actions\/checkout is \w+ here and \w+ elsewhere/,
    ],
    [release, 'permissions:\n  contents: read\n', '', /has no permissions of its own/],
    [
      release,
      'permissions:\n  contents: read\n',
      'permissions: write-all\n',
      /gives write permission to every job/,
    ],
    [
      release,
      'concurrency:\n  group: release-${{ github.ref }}\n  cancel-in-progress: false\n',
      '',
      /has no concurrency/,
    ],
    [release, '    timeout-minutes: 60\n', '', /image: no timeout-minutes/],
    [release, 'runs-on: ubuntu-24.04', 'runs-on: ubuntu-latest', /runs-on ubuntu-latest changes without us/],
    [release, 'persist-credentials: false', 'persist-credentials: true', /checkout leaves its token/],
    [
      release,
      '--step "$STEP"',
      '--step "${{ github.head_ref }}"',
      /an expression in a script is an injection/,
    ],
    [
      release,
      '      id-token: write\n    strategy',
      '    strategy',
      /image: signs without permission id-token/,
    ],
    [release, '      packages: write\n      # Of', '      # Of', /image: pushes without permission packages/],
    [
      '.github/workflows/check.yml',
      '    timeout-minutes: 15\n',
      '    timeout-minutes: 15\n    permissions:\n      packages: write\n',
      /chart: has packages: write and does not use it/,
    ],
    [
      '.github/workflows/check.yml',
      'pull_request:',
      'pull_request_target:',
      /pull_request_target runs foreign code/,
    ],
  ]),
  ...inCheck('Jenkinsfile', [
    ['Jenkinsfile', "stage('Push charts')", "stage('Push')", /stages are .*Push, Deploy; they should be/],
    [
      'Jenkinsfile',
      "        not { changeRequest() }\n        anyOf { branch 'main'; buildingTag() }\n        expression { env.COMMIT_AUTHOR != 'fluxcdbot' }\n        expression",
      "        anyOf { branch 'main'; buildingTag() }\n        expression { env.COMMIT_AUTHOR != 'fluxcdbot' }\n        expression",
      /stage Deploy runs for pull requests/,
    ],
    [
      'Jenkinsfile',
      "branch 'main'; buildingTag()",
      "branch 'main'; changeset 'x'",
      /stage Push images runs for every branch/,
    ],
    ['Jenkinsfile', "sh 'bash .ci/run'", 'sh "bash .ci/run"', /is filled in by Groovy/],
    [
      'Jenkinsfile',
      "credentialsId: 'kubeconfig'",
      "credentialsId: 'kube'",
      /asks for no credentials kubeconfig/,
    ],
    [
      'Jenkinsfile',
      "credentialsId: 'kubeconfig'",
      'credentialsId: params.KUBE',
      /credentialsId params\.KUBE is no fixed id/,
    ],
    ['Jenkinsfile', 'githubPush()', '', /triggers lack githubPush/],
    ['Jenkinsfile', "timeout(time: 3, unit: 'HOURS')", '', /options have no timeout/],
    ['Jenkinsfile', '--status failure', '--status success', /post \{ failure \} does not tell of failure/],
    ['Jenkinsfile', '    success {', '    always {', /post \{ success \} does not tell/],
    [
      'Jenkinsfile',
      "catchError(buildResult: 'FAILURE'",
      "timeout(buildResult: 'FAILURE'",
      /post \{ failure \}: a message that nobody got/,
    ],
    ['Jenkinsfile', 'options {', 'option {', /option is no section of a declarative pipeline/],
    [
      'Jenkinsfile',
      "steps {\n        script { env.AT_STAGE = env.STAGE_NAME }\n        sh 'bash",
      "steps {\n        sh 'bash",
      /stage Check does not say where it is/,
    ],
    ['Jenkinsfile', 'environment {', "environment {\n    API_TOKEN = 'abc'", /has a secret in the open/],
    ['Jenkinsfile', "    stage('Check') {", "    stage('Check') {{", /has no }/],
    [
      'Jenkinsfile',
      "description: 'Of pushed images.'",
      "description: 'Of pushed images.",
      /a string or comment without end/,
    ],
  ]),
  ...inCheck('GitLab CI', [
    [
      gitlab,
      'stages: [check, image, chart, deploy]',
      'stages: [check, image, chart]',
      /deploy: there is no stage deploy/,
    ],
    [gitlab, '  timeout: 90 minutes\n  cache', '  cache', /check: no timeout/],
    [gitlab, 'image: docker:28.5.1-cli', 'image: docker:latest', /image docker:latest changes without us/],
    [gitlab, 'aud: sigstore', 'aud: cosign', /push image: signs without id_tokens/],
    [
      gitlab,
      'extends: .image\n  interruptible: false',
      'extends: .image',
      /push image: may be interrupted half-way/,
    ],
    [gitlab, '  resource_group: production\n', '', /deploy: deploys without resource_group/],
    [gitlab, 'extends: .notify', 'extends: .notifier', /extends \.notifier, which does not exist/],
    [gitlab, 'allow_failure: true', 'allow_failure: false', /a message that nobody got fails the pipeline/],
    [
      gitlab,
      'when: on_failure',
      'when: always',
      /notify failure: tells --status failure with when: on_failure/,
    ],
  ]),
  ...inCheck('Flux kustomizations', [
    [
      `${flux}/apps/base/http-demo.yaml`,
      'reconcileStrategy:',
      'reconcilestrategy:',
      /HelmRelease http-demo\/http-demo: \/spec\/chart\/spec must NOT have additional properties: reconcilestrategy/,
    ],
    [
      `${flux}/apps/base/http-demo.yaml`,
      'helm.toolkit.fluxcd.io/v2',
      'helm.toolkit.fluxcd.io/v2beta1',
      /v2beta1\/HelmRelease is no kind of Flux 2\.9|no matches|v2beta1/,
    ],
    [
      `${flux}/apps/base/http-demo.yaml`,
      'interval: 10m',
      'interval: ten',
      /HelmRelease http-demo\/http-demo: \/spec\/interval must match pattern/,
    ],
    [
      `${flux}/apps/base/http-demo.yaml`,
      '        - charts/shared-values.yaml\n',
      '',
      /HelmRelease http-demo: valuesFiles are|kustomize/,
    ],
    [
      `${flux}/apps/base/http-demo.yaml`,
      '    - name: keda\n      namespace: keda\n',
      '',
      /HelmRelease http-demo has a ScaledObject and does not depend on keda/,
    ],
    [
      `${flux}/apps/base/backend-api.yaml`,
      '    - name: metrics-server\n      namespace: kube-system\n',
      '',
      /backend-api has a HorizontalPodAutoscaler and does not depend on metrics-server/,
    ],
    [
      `${flux}/apps/base/data-api.yaml`,
      'releaseName: data-api',
      'releaseName: data',
      /HelmRelease data-api: makes a release data/,
    ],
    [
      `${flux}/apps/base/data-api.yaml`,
      'chart: charts/data-api',
      'chart: charts/backend-api',
      /HelmRelease data-api: is of charts\/backend-api/,
    ],
    [
      `${flux}/apps/base/data-api.yaml`,
      'reconcileStrategy: Revision',
      'reconcileStrategy: ChartVersion',
      /sees only new version numbers/,
    ],
    [
      `${flux}/apps/base/health-check.yaml`,
      '    disableWait: true\n    cleanup',
      '    cleanup',
      /health-check: waits for a volume/,
    ],
    [
      `${flux}/apps/base/health-check.yaml`,
      '- name: data-api',
      '- name: datum-api',
      /depends on data-namespace\/datum-api, which does not exist/,
    ],
    [
      `${flux}/apps/base/sqs-worker.yaml`,
      'name: scalelab',
      'name: scalelabs',
      /its source GitRepository flux-system\/scalelabs does not exist/,
    ],
    [`${flux}/apps/base/kustomization.yaml`, '  - kafka-consumer.yaml\n', '', /kustomize: .*kafka-consumer/],
    [
      `${flux}/apps/base/namespaces.yaml`,
      'name: data-namespace',
      'name: data',
      /data-namespace\/data-api: nothing makes its namespace/,
    ],
    [
      `${flux}/apps/production/kustomization.yaml`,
      'charts/data-api/profiles/eks.yaml',
      'charts/data-api/profiles/production.yaml',
      /clusters\/production: HelmRelease data-api: valuesFiles are/,
    ],
    [
      `${flux}/apps/production/tags.yaml`,
      'flux-system:data-api:tag',
      'flux-system:data:tag',
      /data-api has no marker flux-system:data-api:tag/,
    ],
    [`${flux}/images/base/policies.yaml`, "range: '>=0.1.0'", "range: ''", null as never],
    [
      `${flux}/images/base/repositories.yaml`,
      'ghcr.io/scalelab/data-api',
      'ghcr.io/scalelab/data',
      /ImageRepository data-api is not of ghcr\.io\/scalelab\/data-api/,
    ],
    [
      `${flux}/images/staging/kustomization.yaml`,
      '^main-(?P<seconds>',
      '^master-(?P<seconds>',
      /takes none of main-1767323045-0123abc/,
    ],
    [
      `${flux}/images/staging/kustomization.yaml`,
      './deploy/flux/apps/staging',
      './deploy/flux/apps/production',
      /writes to \.\/deploy\/flux\/apps\/production/,
    ],
    [
      `${flux}/clusters/production/kustomizations.yaml`,
      '    - name: infrastructure-config\n',
      '    - name: infra\n',
      /apps: depends on infra, which does not exist/,
    ],
    [
      `${flux}/clusters/production/kustomizations.yaml`,
      './deploy/flux/apps/production',
      './deploy/flux/apps/prod',
      /\.\/deploy\/flux\/apps\/prod has no kustomization\.yaml/,
    ],
    [
      `${flux}/clusters/staging/kustomizations.yaml`,
      '  dependsOn:\n    - name: infrastructure\n',
      '',
      /apps do not wait for the infrastructure/,
    ],
    [
      `${flux}/infrastructure/base/keda.yaml`,
      'version: 2.19.0',
      'version: 2.18.0',
      /HelmRelease keda is keda 2\.18\.0 .*all\.yml has keda 2\.19\.0/,
    ],
    [
      'ansible/group_vars/all.yml',
      'release_prometheus: kind-prometheus',
      'release_prometheus: prom',
      /HelmRelease monitoring\/prom, as the playbooks call it, does not exist/,
    ],
    [`${flux}/images/base/automation.yaml`, 'name: fluxcdbot', 'name: robot', /the author is not fluxcdbot/],
    [
      release,
      "paths-ignore: ['deploy/flux/apps/*/tags.yaml']",
      'paths: [x]',
      /release\.yml: runs for commits of the image automation/,
    ],
    [gitlab, '/^fluxcdbot /', '/^robot /', /gitlab-ci\.yml: runs for commits of the image automation/],
    [
      'Jenkinsfile',
      "        expression { env.COMMIT_AUTHOR != 'fluxcdbot' }\n",
      '',
      /2 of 3 stages that push or deploy leave out/,
    ],
  ]).filter(({ says }) => says !== null),
  ...inCheck('EKS cluster', [
    [eks, 'name: keda-cluster', 'name: cluster', /metadata\.name is cluster/],
    [eks, 'desiredCapacity: 3', 'desiredCapacity: 2', /has 2 nodes, not 3/],
    [eks, 'minSize: 3', 'minSize: 4', /minSize <= desiredCapacity/],
    [
      eks,
      'volumeSize: 50',
      'volumeSise: 50',
      /\/managedNodeGroups\/0 must NOT have additional properties: volumeSise/,
    ],
    [eks, '  - name: eks-pod-identity-agent\n', '', /has no addon eks-pod-identity-agent/],
    [
      eks,
      '"enableNetworkPolicy": "true"',
      '"enableNetworkPolicy": "false"',
      /does not enforce NetworkPolicies/,
    ],
    [eks, 'us-east-1a, us-east-1b', 'us-east-1a, us-east-1a', /name three/],
    [eks, 'Action: sqs:SendMessage', "Action: 'sqs:*'", /sqs:\* allows more than it needs/],
    [eks, 'table/kafka-consumer-events', '*', /\* is every resource|is every resource/],
    [
      eks,
      'table/kafka-consumer-events',
      'table/kafka-events',
      /kafka-consumer\/kafka-consumer may not use .*kafka-consumer-events, which its chart names/,
    ],
    [
      eks,
      'table/sqs-worker-items',
      'table/items',
      /sqs-worker\/sqs-worker may use .*table\/items, which its chart does not name/,
    ],
    [
      eks,
      'serviceAccountName: sqs-worker-api',
      'serviceAccountName: api',
      /sqs-worker\/sqs-worker-api uses .* and has no association/,
    ],
    [
      eks,
      'serviceAccountName: kafka-consumer',
      'serviceAccountName: consumer',
      /kafka-consumer\/consumer has an association .*no chart needs it/,
    ],
    [eks, 'arn:aws:dynamodb:us-east-1:', 'arn:aws:dynamodb:eu-west-1:', /in another region than the cluster/],
    [eks, "'secretsmanager:DescribeSecret'", "'ssm:DescribeSecret'", /has actions of another service/],
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

const names = [...new Set(sabotages.map(({ check }) => check))];
const cases = [...names.map((check) => ({ check })), ...sabotages];
const results = JSON.parse(
  execFileSync(process.execPath, [join(__dirname, 'sabotage.mjs')], {
    input: JSON.stringify(cases.map((sabotage) => ({ ...sabotage, says: undefined }))),
    encoding: 'utf8',
    maxBuffer: 64 << 20,
    stdio: ['pipe', 'pipe', 'inherit'],
  }),
) as readonly Result[];

for (const [index, { skipped }] of results.slice(0, names.length).entries())
  if (skipped) process.stdout.write(`skipped: ${names[index]}: ${skipped}\n`);

it.each(names.map((name, index) => [name, results[index]] as const))(
  'finds nothing wrong: %s',
  (_, result) => {
    expect(result?.problems).toEqual([]);
  },
);

it.each(
  sabotages.map(
    ({ check, file, from, to, says }, index) =>
      [
        check,
        file,
        `${JSON.stringify(from)} -> ${JSON.stringify(to)}`,
        says,
        results[names.length + index],
      ] as const,
  ),
)('%s sees in %s %s', (_check, _file, _edit, says, result) => {
  if (result?.skipped) return;
  expect(result?.problems.join('\n')).toMatch(says ?? /^$/);
});
