// What a failed docker command means, and what to do about it.

const known = [
  {
    when: /failed to (?:resolve|do request|authorize|fetch)|failed size validation|pull access denied|TLS handshake|i\/o timeout|no such host|manifest unknown|(?:load metadata for|resolve source metadata for)/i,
    step: /metadata|FROM|pull/i,
    say: (_, names) =>
      `a base image cannot be pulled (${names.join(', ')}): check the network and "docker login", mirror it and pass --node-image and --runtime-image, or build on images made here with --local-bases`,
  },
  {
    when: /Attestation is not supported|attestations? (?:is|are) not supported/i,
    say: () =>
      'this builder cannot attach SBOM and provenance: "docker buildx create --use --driver docker-container", or --no-sbom --no-provenance',
  },
  {
    when: /multiple platforms feature is currently not supported|Multi-platform build is not supported/i,
    say: () =>
      'this builder makes one platform at a time: "docker buildx create --use --driver docker-container"',
  },
  {
    when: /exec format error/i,
    say: () =>
      'this machine cannot run programs of the other platform: install QEMU for Docker ("docker run --privileged --rm tonistiigi/binfmt --install all")',
  },
  {
    when: /denied|unauthorized|authentication required|insufficient_scope|no basic auth/i,
    step: /push/i,
    say: (request) =>
      `${request.registry} refused the push: "docker login ${request.registry.split('/')[0]}", and check that you may write there`,
  },
  {
    when: /npm (?:error|ERR!).*(?:SELF_SIGNED|UNABLE_TO_|certificate)/i,
    say: () =>
      'npm does not trust the certificate of your network: set NODE_EXTRA_CA_CERTS or SSL_CERT_FILE to its bundle, which becomes the build secret "ca"',
  },
  {
    when: /npm (?:error|ERR!).*(?:ENOTFOUND|ECONNREFUSED|ETIMEDOUT|EAI_AGAIN|network)/i,
    say: () =>
      'npm cannot reach its registry from the build: check the network; NPMRC=FILE becomes the build secret "npmrc"',
  },
  {
    when: /no space left on device/i,
    say: () => 'the disk is full: "docker system prune" frees what nothing uses',
  },
];

/**
 * One line for a failure that is known, else null.
 * @param {string} output of the command, both streams
 */
export function explainFailure(output, request, names) {
  const lines = output.split('\n');
  const failed = lines
    .filter((line) => /error|denied|unauthorized|fail|refused|no space|not supported|format/i.test(line))
    .join('\n');
  const found = known.find(({ when, step }) => when.test(failed) && (!step || step.test(output)));
  return found ? found.say(request, names) : null;
}
