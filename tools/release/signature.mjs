// Signatures of images and charts: keyless with the identity of the pipeline, or with a key where the pipeline has none.
import { run } from './program.mjs';

/**
 * Signs what a digest names, never what a tag names: the tag may move between push and signature.
 * COSIGN_PRIVATE_KEY (with COSIGN_PASSWORD) signs with that key. Without it cosign takes the identity that the pipeline offers (GitHub's
 * token service, or SIGSTORE_ID_TOKEN).
 * @param {string} subject `registry/name@sha256:...`
 * @param {{identity?: string, issuer?: string}} expected when given, the signature is verified against them at once
 */
export async function sign(subject, { identity, issuer } = {}) {
  const withKey = Boolean(process.env.COSIGN_PRIVATE_KEY);
  await run('cosign', ['sign', '--yes', ...(withKey ? ['--key', 'env://COSIGN_PRIVATE_KEY'] : []), subject], {
    step: `sign ${subject}`,
    cure: withKey
      ? 'check COSIGN_PRIVATE_KEY and COSIGN_PASSWORD'
      : 'keyless signing needs an identity: id-token: write (GitHub), id_tokens SIGSTORE_ID_TOKEN with aud sigstore (GitLab), or COSIGN_PRIVATE_KEY',
  });
  if (!identity || !issuer || withKey) return;
  await run(
    'cosign',
    [
      'verify',
      '--certificate-identity-regexp',
      identity,
      '--certificate-oidc-issuer',
      issuer,
      '--output',
      'text',
      subject,
    ],
    {
      step: `verify the signature of ${subject}`,
      cure: 'the signature is of another identity: compare --identity and --issuer with what cosign says above',
    },
  );
}
