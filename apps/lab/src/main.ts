import { createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { createLogger } from '@scalelab/logging';
import { withInitialReplicas } from './initial-replicas';
import { startLab } from './lab';
import { LabControl } from './lab-control';
import { ManifestsError, readManifests } from './manifest-source';
import { LabUsageError, parseLabOptions } from './options';
import { profileFiles } from './profile-files';
import { RunFolder } from './run-folder';

const root = join(__dirname, '..', '..', '..');
const profiles = { demo: 'lab', production: 'lab-production' } as const;

async function main(): Promise<void> {
  const options = parseLabOptions(process.argv.slice(2));
  const control = new LabControl(options.controlFd);
  const manifests = readManifests({
    profile: options.defaults ? profileFiles(root, profiles[options.speed]) : [],
    only: options.only,
    more: options.manifests,
  });
  const folder = RunFolder.make(options.runDir);
  const logger = createLogger({
    name: 'lab',
    level: 'info',
    destination: createWriteStream(folder.file('lab.log'), { flags: 'a' }),
  });
  const lab = await startLab({
    root,
    folder,
    logger,
    ...options,
    manifests: withInitialReplicas(manifests),
    onProblem: (text) => control.problem(text),
  });
  control.ready({ kubeconfig: lab.kubeconfig, recording: lab.recording, runDir: folder.path, url: lab.url });
  await control.ended;
  await lab.stop();
  folder.remove();
}

main().then(
  () => process.exit(0),
  (error: unknown) => {
    const known = error instanceof LabUsageError || error instanceof ManifestsError;
    process.stderr.write(`${known ? error.message : ((error as Error).stack ?? String(error))}\n`);
    process.exit(known ? 2 : 1);
  },
);
