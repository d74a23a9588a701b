// Images: built, pushed, checked and signed.
import { join } from 'node:path';
import { serviceNames } from '../images/services.mjs';
import { root } from '../node.mjs';
import { requirePrograms, run } from './program.mjs';
import { isLocal, loggedIn } from './registry.mjs';
import { sign } from './signature.mjs';
import { StepError } from './step-error.mjs';
import { refuseDirty } from './version.mjs';

/** Builds one after another with tools/images.mjs, so that pipelines and `npm run images` build alike. */
export async function releaseImages(
  { names, registry, tag, platforms, push, sign: signed, identity, issuer },
  version,
) {
  const apps = names.length > 0 ? names : serviceNames;
  if (push) refuseDirty(version, 'push images');
  requirePrograms(['docker', ...(signed ? ['cosign'] : [])]);
  const work = async () => {
    for (const app of apps) {
      const args = ['--registry', registry, '--tag', tag];
      if (platforms) args.push('--platform', platforms);
      if (push) args.push('--push', '--sbom', '--provenance');
      await run('node', [join(root, 'tools/images.mjs'), app, ...args], {
        step: `${push ? 'build and push' : 'build'} image ${app}`,
        cure: push
          ? `see the build's log above; when the push was refused, check that the account may write to ${registry}/${app}`
          : "see the build's log above",
        timeoutMs: 60 * 60_000,
      });
      if (!push) continue;
      const digest = await digestOf(`${registry}/${app}:${tag}`, app);
      console.log(`${registry}/${app}:${tag} is ${digest}`);
      if (signed) await sign(`${registry}/${app}@${digest}`, { identity, issuer });
    }
  };
  await (push ? loggedIn('docker', registry, work) : work());
  return `${apps.length} images ${tag}: ${apps.join(', ')}`;
}

/** Digest of a pushed image, after a look whether its SBOM went with it. */
async function digestOf(reference, app) {
  const inspect = async (format) =>
    (
      await run('docker', ['buildx', 'imagetools', 'inspect', reference, '--format', format], {
        step: `inspect image ${app}`,
        quiet: true,
        cure: 'the registry does not have what was just pushed: run the step again',
      })
    ).stdout.trim();
  const [, digest] = /"digest"\s*:\s*"(sha256:[0-9a-f]{64})"/.exec(await inspect('{{json .Manifest}}')) ?? [];
  if (!digest)
    throw new StepError(
      `inspect image ${app}`,
      `${reference} has no digest in what docker buildx imagetools says`,
      'update Docker to 23 or newer',
    );
  // A local registry is for trials, and may be one without attestations.
  if (!isLocal(reference) && !/"(SPDX|spdxVersion)"/.test(await inspect('{{json .SBOM}}')))
    throw new StepError(
      `inspect image ${app}`,
      `${reference} has no SBOM`,
      'the builder drops attestations: make one with docker buildx create --driver docker-container --use',
    );
  return digest;
}
