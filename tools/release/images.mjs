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
      const reference = `${registry}/${app}:${tag}`;
      await run(
        'node',
        [join(root, 'tools/images.mjs'), ...buildArguments(app, { registry, tag, platforms, push })],
        {
          step: `${push ? 'build and push' : 'build'} image ${app}`,
          cure: push
            ? `see the build's log above; when the push was refused, check that the account may write to ${registry}/${app}`
            : "see the build's log above",
          timeoutMs: 60 * 60_000,
        },
      );
      if (!push) continue;
      const digest = await digestOf(reference, app);
      const exact = `${registry}/${app}@${digest}`;
      // A local registry is for trials, and may be one without attestations.
      if (!isLocal(registry)) await requireSbom(exact, app);
      if (signed) await sign(exact, { identity, issuer });
      console.log(`${reference} is ${digest}`);
    }
  };
  await (push ? loggedIn('docker', registry, work) : work());
  return `${apps.length} images ${tag}: ${apps.join(', ')}`;
}

/** What tools/images.mjs is asked for. */
export function buildArguments(app, { registry, tag, platforms, push }) {
  return [
    app,
    ...['--registry', registry, '--tag', tag],
    ...(platforms ? ['--platform', platforms] : []),
    ...(push ? ['--push', '--sbom', '--provenance'] : []),
  ];
}

async function inspect(reference, app, format) {
  const { stdout } = await run('docker', ['buildx', 'imagetools', 'inspect', reference, '--format', format], {
    step: `inspect image ${app}`,
    quiet: true,
    cure: 'the registry does not have what was just pushed: run the step again',
  });
  return stdout;
}

async function digestOf(reference, app) {
  const [, digest] =
    /"digest"\s*:\s*"(sha256:[0-9a-f]{64})"/.exec(await inspect(reference, app, '{{json .Manifest}}')) ?? [];
  if (digest) return digest;
  throw new StepError(
    `inspect image ${app}`,
    `${reference} has no digest in what docker buildx imagetools says`,
    'update Docker to 23 or newer',
  );
}

async function requireSbom(reference, app) {
  if (/"(SPDX|spdxVersion)"/.test(await inspect(reference, app, '{{json .SBOM}}'))) return;
  throw new StepError(
    `inspect image ${app}`,
    `${reference} has no SBOM`,
    'the builder drops attestations: make one with docker buildx create --driver docker-container --use',
  );
}
