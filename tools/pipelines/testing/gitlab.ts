import { inCheck, type Sabotage } from './sabotage';

const file = '.gitlab-ci.yml';

export const gitlab: readonly Sabotage[] = [
  ...inCheck('GitLab CI', [
    [
      file,
      'stages: [check, image, chart, deploy]',
      'stages: [check, image, chart]',
      /deploy: there is no stage deploy/,
    ],
    [file, '  timeout: 90 minutes\n  cache', '  cache', /check: no timeout/],
    [file, 'image: docker:28.5.1-cli', 'image: docker:latest', /image docker:latest changes without us/],
    [file, 'aud: sigstore', 'aud: cosign', /push image: signs without id_tokens/],
    [
      file,
      'extends: .image\n  interruptible: false',
      'extends: .image',
      /push image: may be interrupted half-way/,
    ],
    [file, '  resource_group: production\n', '', /deploy: deploys without resource_group/],
    [file, 'extends: .notify', 'extends: .notifier', /extends \.notifier, which does not exist/],
    [file, 'allow_failure: true', 'allow_failure: false', /a message that nobody got fails the pipeline/],
    [
      file,
      'when: on_failure',
      'when: always',
      /notify failure: tells --status failure with when: on_failure/,
    ],
  ]),
];
