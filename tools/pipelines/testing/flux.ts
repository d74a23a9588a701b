import { inCheck, type Sabotage } from './sabotage';

const release = '.github/workflows/release.yml';
const gitlab = '.gitlab-ci.yml';
const folder = 'deploy/flux';

export const flux: readonly Sabotage[] = [
  ...inCheck('Flux kustomizations', [
    [
      `${folder}/apps/base/http-demo.yaml`,
      'reconcileStrategy:',
      'reconcilestrategy:',
      /HelmRelease http-demo\/http-demo: \/spec\/chart\/spec must NOT have additional properties: reconcilestrategy/,
    ],
    [
      `${folder}/images/base/repositories.yaml`,
      'image.toolkit.fluxcd.io/v1',
      'image.toolkit.fluxcd.io/v1beta2',
      /image\.toolkit\.fluxcd\.io\/v1beta2\/ImageRepository is no kind of Flux 2\.9: image\.toolkit\.fluxcd\.io\/v1\/ImageRepository/,
    ],
    [
      `${folder}/apps/base/http-demo.yaml`,
      'interval: 10m',
      'interval: ten',
      /HelmRelease http-demo\/http-demo: \/spec\/interval must match pattern/,
    ],
    [
      `${folder}/apps/base/http-demo.yaml`,
      '        - charts/shared-values.yaml\n',
      '',
      /apps\/staging: kustomize: .*missing key: \/spec\/chart\/spec\/valuesFiles/,
    ],
    [
      `${folder}/apps/base/http-demo.yaml`,
      '    - name: keda\n      namespace: keda\n',
      '',
      /HelmRelease http-demo has a ScaledObject and does not depend on keda/,
    ],
    [
      `${folder}/apps/base/backend-api.yaml`,
      '    - name: metrics-server\n      namespace: kube-system\n',
      '',
      /backend-api has a HorizontalPodAutoscaler and does not depend on metrics-server/,
    ],
    [
      `${folder}/apps/base/data-api.yaml`,
      'releaseName: data-api',
      'releaseName: data',
      /HelmRelease data-api: makes a release data/,
    ],
    [
      `${folder}/apps/base/data-api.yaml`,
      'chart: charts/data-api',
      'chart: charts/backend-api',
      /HelmRelease data-api: is of charts\/backend-api/,
    ],
    [
      `${folder}/apps/base/data-api.yaml`,
      'reconcileStrategy: Revision',
      'reconcileStrategy: ChartVersion',
      /sees only new version numbers/,
    ],
    [
      `${folder}/apps/base/health-check.yaml`,
      '    disableWait: true\n    cleanup',
      '    cleanup',
      /health-check: waits for a volume/,
    ],
    [
      `${folder}/apps/base/health-check.yaml`,
      '- name: data-api',
      '- name: datum-api',
      /depends on data-namespace\/datum-api, which does not exist/,
    ],
    [
      `${folder}/apps/base/sqs-worker.yaml`,
      'name: scalelab',
      'name: scalelabs',
      /its source GitRepository flux-system\/scalelabs does not exist/,
    ],
    [
      `${folder}/apps/base/kustomization.yaml`,
      '  - kafka-consumer.yaml\n',
      '',
      /kustomize: .*kafka-consumer/,
    ],
    [
      `${folder}/apps/base/namespaces.yaml`,
      'name: data-namespace',
      'name: data',
      /data-namespace\/data-api: nothing makes its namespace/,
    ],
    [
      `${folder}/apps/production/kustomization.yaml`,
      'charts/data-api/profiles/eks.yaml',
      'charts/data-api/profiles/production.yaml',
      /clusters\/production: HelmRelease data-api: valuesFiles are/,
    ],
    [
      `${folder}/apps/production/tags.yaml`,
      'flux-system:data-api:tag',
      'flux-system:data:tag',
      /data-api has no marker flux-system:data-api:tag/,
    ],
    [
      `${folder}/images/base/policies.yaml`,
      "semver:\n      range: '>=0.1.0'",
      'alphabetical:\n      order: asc',
      /clusters\/production: ImagePolicy http-demo takes tags of the other cluster/,
    ],
    [
      `${folder}/images/base/repositories.yaml`,
      'ghcr.io/scalelab/data-api',
      'ghcr.io/scalelab/data',
      /ImageRepository data-api is not of ghcr\.io\/scalelab\/data-api/,
    ],
    [
      `${folder}/images/staging/kustomization.yaml`,
      '^main-(?P<seconds>',
      '^master-(?P<seconds>',
      /takes none of main-1767323045-0123abc/,
    ],
    [
      `${folder}/images/staging/kustomization.yaml`,
      './deploy/flux/apps/staging',
      './deploy/flux/apps/production',
      /writes to \.\/deploy\/flux\/apps\/production/,
    ],
    [
      `${folder}/clusters/production/kustomizations.yaml`,
      '    - name: infrastructure-config\n',
      '    - name: infra\n',
      /apps: depends on infra, which does not exist/,
    ],
    [
      `${folder}/clusters/production/kustomizations.yaml`,
      './deploy/flux/apps/production',
      './deploy/flux/apps/prod',
      /\.\/deploy\/flux\/apps\/prod has no kustomization\.yaml/,
    ],
    [
      `${folder}/clusters/staging/kustomizations.yaml`,
      '  dependsOn:\n    - name: infrastructure\n',
      '',
      /apps do not wait for the infrastructure/,
    ],
    [
      `${folder}/infrastructure/base/keda.yaml`,
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
    [
      `${folder}/images/base/automation.yaml`,
      'name: fluxcdbot',
      'name: robot',
      /the author is not fluxcdbot/,
    ],
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
  ]),
];
