import { inCheck, type Sabotage } from './sabotage';

const release = '.github/workflows/release.yml';
const gitlab = '.gitlab-ci.yml';

export const workflows: readonly Sabotage[] = [
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
];
