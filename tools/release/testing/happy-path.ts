import type { Rule } from './fakes';

export const digest = `sha256:${'a'.repeat(64)}`;

/** What the programs say when all goes well. */
export const happyPath: readonly Rule[] = [
  {
    program: 'docker',
    when: '*imagetools*.Manifest*',
    stdout: `{"mediaType":"x","digest":"${digest}","size":1}\n`,
  },
  {
    program: 'docker',
    when: '*imagetools*.SBOM*',
    stdout: '{"linux/amd64":{"SPDX":{"spdxVersion":"SPDX-2.3"}}}\n',
  },
  { program: 'helm', when: 'version*', stdout: 'v4.1.4' },
  // helm package COPY --version V --app-version T --destination FOLDER
  { program: 'helm', when: 'package*', run: 'touch "$8/${2##*/}-$4.tgz"' },
  { program: 'helm', when: 'push*', stderr: `Pushed: x\nDigest: ${digest}\n` },
  { program: 'kubectl', when: 'config get-contexts*', stdout: 'keda-cluster\nkind-dev-cluster\n' },
];
