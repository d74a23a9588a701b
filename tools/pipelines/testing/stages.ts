import { inCheck, type Sabotage } from './sabotage';

const release = '.github/workflows/release.yml';
const gitlab = '.gitlab-ci.yml';

export const stages: readonly Sabotage[] = [
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
    [gitlab, 'bash .ci/run', 'npm test', /gitlab-ci\.yml: does not check the tree/],
    [
      gitlab,
      '--push --sign --identity "^$CI_PROJECT_URL//\\.gitlab-ci\\.yml@" --issuer "$CI_SERVER_URL"\n\npackage',
      '--push\n\npackage',
      /gitlab-ci\.yml: does not sign images/,
    ],
  ]),
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
];
