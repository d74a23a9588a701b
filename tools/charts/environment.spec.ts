import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadConfig, type ConfigSchema } from '@scalelab/config';
import { parse, parseAllDocuments } from 'yaml';
import { schema as backendApi } from '../../apps/backend-api/src/config';
import { schema as dataApi } from '../../apps/data-api/src/config';
import { schema as emulators } from '../../apps/emulators/src/config';
import { schema as healthCheck } from '../../apps/health-check/src/config';
import { schema as httpDemo } from '../../apps/http-demo/src/config';
import { schema as kafkaConsumer } from '../../apps/kafka-consumer/src/config';
import { schema as sqsWorker } from '../../apps/sqs-worker/src/config';

const root = join(__dirname, '../..');
const apps: [string, ConfigSchema][] = [
  ['backend-api', backendApi],
  ['data-api', dataApi],
  ['emulators', emulators],
  ['health-check', healthCheck],
  ['http-demo', httpDemo],
  ['kafka-consumer', kafkaConsumer],
  ['sqs-worker', sqsWorker],
];

interface Component {
  readonly env: Readonly<Record<string, string | number | boolean>>;
  readonly ports?: Readonly<Record<string, { readonly env?: string }>>;
}

interface Values extends Component {
  readonly components?: Readonly<Record<string, Component>>;
  readonly secret?: { readonly data?: Readonly<Record<string, string>> };
}

interface Container {
  readonly name: string;
  readonly env?: readonly { readonly name: string; readonly value: string }[];
}

interface PodTemplate {
  readonly spec?: { readonly containers?: readonly Container[] };
}

interface Workload {
  readonly spec?: {
    readonly template?: PodTemplate;
    readonly jobTemplate?: { readonly spec: { readonly template: PodTemplate } };
    readonly jobTargetRef?: { readonly template: PodTemplate };
  };
}

function read(path: string): string {
  return readFileSync(join(root, path), 'utf8');
}

/** Variables of each container in a file, as the app would see them. */
function environments(path: string): Map<string, Record<string, string>> {
  const workloads = parseAllDocuments(read(path)).map((document) => document.toJS() as Workload | null);
  const containers = workloads.flatMap((workload) => {
    const { jobTargetRef, jobTemplate, template } = workload?.spec ?? {};
    const pod = template ?? jobTemplate?.spec.template ?? jobTargetRef?.template;
    return pod?.spec?.containers ?? [];
  });
  return new Map(
    containers.map(({ name, env }) => [name, Object.fromEntries((env ?? []).map((v) => [v.name, v.value]))]),
  );
}

describe.each(apps)('%s', (chart, schema) => {
  const values = parse(read(`charts/${chart}/values.yaml`)) as Values;
  const components = Object.values(values.components ?? { all: values });
  const known = Object.keys(schema._zod.def.shape);

  it('has every variable of the app in its values, and no other', () => {
    const inValues = new Set([
      ...components.flatMap(({ env, ports }) => [
        ...Object.keys(env),
        ...Object.values(ports ?? {}).flatMap((port) => (port.env ? [port.env] : [])),
      ]),
      ...Object.keys(values.secret?.data ?? {}),
    ]);
    expect([...inValues].sort()).toEqual([...known].sort());
  });

  const renders = readdirSync(join(root, `charts/${chart}/rendered`));

  it.each(renders)('is accepted by the app in %s', (file) => {
    const containers = environments(`charts/${chart}/rendered/${file}`);
    expect(containers.size).toBeGreaterThan(0);
    for (const env of containers.values()) expect(() => loadConfig(schema, env)).not.toThrow();
  });
});
