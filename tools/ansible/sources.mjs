// What the playbooks have to agree with: read once, judged by agreement.mjs.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { charts, namespaceOf } from '../charts/releases.mjs';
import { root } from '../node.mjs';

const read = (path) => readFileSync(join(root, path), 'utf8');
const yaml = (path) => parse(read(path), { merge: true });
const names = (path) =>
  readdirSync(join(root, path), { withFileTypes: true })
    .map((entry) => entry.name)
    .sort();
const schemaVersion = (name) => JSON.parse(read(`libs/manifests/src/schemas/${name}.json`)).version;

function filesUnder(path) {
  return readdirSync(join(root, path), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(root.length + 1))
    .sort();
}

export function sources() {
  const roles = names('ansible/roles');
  return {
    variables: yaml('ansible/group_vars/all.yml'),
    requirements: read('ansible/requirements.txt'),
    collections: yaml('ansible/requirements.yml').collections,
    inventory: yaml('ansible/inventory.yml'),
    playbooks: Object.fromEntries(
      names('ansible/playbooks').map((file) => [file, read(`ansible/playbooks/${file}`)]),
    ),
    roles: Object.fromEntries(
      roles.map((role) => [
        role,
        {
          defaults: yaml(`ansible/roles/${role}/defaults/main.yml`) ?? {},
          meta: yaml(`ansible/roles/${role}/meta/main.yml`),
        },
      ]),
    ),
    roleFiles: Object.fromEntries(filesUnder('ansible/roles').map((path) => [path, read(path)])),
    charts: Object.fromEntries(charts.map((chart) => [chart, namespaceOf(chart, 'kind-demo')])),
    shared: yaml('charts/shared-values.yaml').global,
    nodePorts: charts.flatMap((chart) => {
      const profile = `charts/${chart}/profiles/kind-demo.yaml`;
      return existsSync(join(root, profile)) ? Object.values(yaml(profile).service?.nodePorts ?? {}) : [];
    }),
    compose: existsSync(join(root, 'docker-compose.yml')) ? yaml('docker-compose.yml').services : null,
    schemas: {
      kubernetes: schemaVersion('kubernetes'),
      keda: schemaVersion('keda'),
      'http-add-on': schemaVersion('http-add-on'),
    },
    docs: read('docs/ansible.md'),
  };
}
