// Writes src/schemas/*.json and src/types/*.ts from the sources' own schemas.
//
//   node libs/manifests/update-schemas.mjs --kubernetes DIR --keda DIR --http-add-on DIR --prometheus-operator DIR [--verify]
//
// --kubernetes           api/openapi-spec/v3 of k8s.io/kubernetes (v1.34.4)
// --keda                 config/crd/bases of github.com/kedacore/keda/v2 (v2.19.0), inside the whole module
// --http-add-on          config/crd/bases of github.com/kedacore/http-add-on (v0.15.0)
// --prometheus-operator  example/prometheus-operator-crd of github.com/prometheus-operator/prometheus-operator (v0.85.0)
// --verify               write nothing; exit 1 when a committed file differs
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { parse } from 'yaml';

const here = dirname(fileURLToPath(import.meta.url));
const { values: args } = parseArgs({
  options: {
    kubernetes: { type: 'string' },
    keda: { type: 'string' },
    'http-add-on': { type: 'string' },
    'prometheus-operator': { type: 'string' },
    verify: { type: 'boolean', default: false },
  },
});
for (const name of ['kubernetes', 'keda', 'http-add-on', 'prometheus-operator']) {
  if (!args[name] || !existsSync(args[name])) {
    console.error(`update-schemas: --${name} must name an existing folder`);
    process.exit(2);
  }
}

/** Kubernetes kinds by OpenAPI file. `typed` kinds also get TypeScript types. */
const groups = [
  {
    file: 'api__v1',
    name: 'core',
    typed: true,
    kinds: [
      'Pod',
      'Service',
      'Endpoints',
      'ConfigMap',
      'Secret',
      'Namespace',
      'Node',
      'PersistentVolume',
      'PersistentVolumeClaim',
      'ServiceAccount',
      'Event',
      'LimitRange',
      'ResourceQuota',
      'ReplicationController',
    ],
  },
  {
    file: 'apis__apps__v1',
    name: 'apps',
    typed: true,
    kinds: ['Deployment', 'ReplicaSet', 'StatefulSet', 'DaemonSet', 'ControllerRevision'],
  },
  { file: 'apis__batch__v1', name: 'batch', typed: true, kinds: ['Job', 'CronJob'] },
  { file: 'apis__autoscaling__v2', name: 'autoscaling', typed: true, kinds: ['HorizontalPodAutoscaler'] },
  { file: 'apis__autoscaling__v1', name: 'autoscaling-v1', typed: false, kinds: ['HorizontalPodAutoscaler'] },
  { file: 'apis__apps__v1', name: 'scale', typed: true, kinds: ['Scale'] },
  { file: 'apis__policy__v1', name: 'policy', typed: true, kinds: ['PodDisruptionBudget'] },
  { file: 'apis__coordination.k8s.io__v1', name: 'coordination', typed: true, kinds: ['Lease'] },
  { file: 'apis__discovery.k8s.io__v1', name: 'discovery', typed: true, kinds: ['EndpointSlice'] },
  { file: 'apis__events.k8s.io__v1', name: 'events', typed: false, kinds: ['Event'] },
  {
    file: 'apis__networking.k8s.io__v1',
    name: 'networking',
    typed: false,
    kinds: ['NetworkPolicy', 'Ingress', 'IngressClass'],
  },
  {
    file: 'apis__rbac.authorization.k8s.io__v1',
    name: 'rbac',
    typed: false,
    kinds: ['Role', 'RoleBinding', 'ClusterRole', 'ClusterRoleBinding'],
  },
  { file: 'apis__scheduling.k8s.io__v1', name: 'scheduling', typed: false, kinds: ['PriorityClass'] },
  {
    file: 'apis__apiextensions.k8s.io__v1',
    name: 'apiextensions',
    typed: false,
    kinds: ['CustomResourceDefinition'],
  },
  { file: 'apis__storage.k8s.io__v1', name: 'storage', typed: false, kinds: ['StorageClass'] },
];

/** The OpenAPI document has no short names; `kubectl api-resources` shows these. */
const shortNames = {
  pods: ['po'],
  services: ['svc'],
  endpoints: ['ep'],
  configmaps: ['cm'],
  namespaces: ['ns'],
  nodes: ['no'],
  persistentvolumes: ['pv'],
  persistentvolumeclaims: ['pvc'],
  serviceaccounts: ['sa'],
  events: ['ev'],
  deployments: ['deploy'],
  replicasets: ['rs'],
  statefulsets: ['sts'],
  daemonsets: ['ds'],
  cronjobs: ['cj'],
  horizontalpodautoscalers: ['hpa'],
  poddisruptionbudgets: ['pdb'],
  customresourcedefinitions: ['crd', 'crds'],
  networkpolicies: ['netpol'],
  ingresses: ['ing'],
  limitranges: ['limits'],
  resourcequotas: ['quota'],
  replicationcontrollers: ['rc'],
  priorityclasses: ['pc'],
  storageclasses: ['sc'],
};

const crds = [
  {
    out: 'keda',
    version: '2.19.0',
    from: args.keda,
    files: [
      'keda.sh_scaledobjects',
      'keda.sh_scaledjobs',
      'keda.sh_triggerauthentications',
      'keda.sh_clustertriggerauthentications',
    ],
  },
  {
    out: 'http-add-on',
    version: '0.15.0',
    from: args['http-add-on'],
    files: ['http.keda.sh_interceptorroutes', 'http.keda.sh_httpscaledobjects'],
  },
  {
    out: 'prometheus-operator',
    version: '0.85.0',
    from: args['prometheus-operator'],
    files: [
      'monitoring.coreos.com_servicemonitors',
      'monitoring.coreos.com_podmonitors',
      'monitoring.coreos.com_prometheusrules',
    ],
  },
];

/** `io.k8s.api.apps.v1.Deployment` -> `apps.v1.Deployment`; apimachinery's own lose their path. */
const shortRef = (name) =>
  name
    .replace(/^io\.k8s\.apimachinery\.pkg\.(apis\.)?/, '')
    .replace(/^io\.k8s\.api\./, '')
    .replace('api.resource.Quantity', 'Quantity')
    .replace('util.intstr.IntOrString', 'IntOrString')
    .replace('runtime.RawExtension', 'RawExtension');

const kept = new Set([
  'type',
  'format',
  'required',
  'enum',
  'pattern',
  'minimum',
  'maximum',
  'exclusiveMinimum',
  'exclusiveMaximum',
  'minLength',
  'maxLength',
  'minItems',
  'maxItems',
  'minProperties',
  'nullable',
  'x-kubernetes-group-version-kind',
  'x-kubernetes-patch-merge-key',
  'x-kubernetes-patch-strategy',
  'x-kubernetes-list-type',
  'x-kubernetes-list-map-keys',
  'x-kubernetes-map-type',
  'x-kubernetes-int-or-string',
  'x-kubernetes-preserve-unknown-fields',
  'x-kubernetes-embedded-resource',
]);

/** Keeps what validation and merging read. Built-in `default`s are Go zero values as often as real ones, so only CRDs keep theirs. */
function trim(schema, keepDefaults) {
  if (schema.$ref) return { $ref: shortRef(schema.$ref.split('/').at(-1)) };
  if (schema.allOf?.length === 1)
    return { ...trim(schema.allOf[0], keepDefaults), ...trim({ ...schema, allOf: undefined }, keepDefaults) };
  const out = {};
  for (const [key, value] of Object.entries(schema)) {
    if (kept.has(key) && value !== undefined) out[key] = value;
  }
  if (keepDefaults && schema.default !== undefined) out.default = schema.default;
  if (schema.properties)
    out.properties = Object.fromEntries(
      Object.entries(schema.properties).map(([k, v]) => [k, trim(v, keepDefaults)]),
    );
  if (schema.items) out.items = trim(schema.items, keepDefaults);
  if (typeof schema.additionalProperties === 'object')
    out.additionalProperties = trim(schema.additionalProperties, keepDefaults);
  else if (schema.additionalProperties === true) out.additionalProperties = {};
  return out;
}

const written = new Map();
const kubernetes = { version: '1.34.4', kinds: [], definitions: {} };
const typeFiles = new Map();

for (const group of groups) {
  const doc = JSON.parse(readFileSync(join(args.kubernetes, `${group.file}_openapi.json`), 'utf8'));
  const roots = [];
  for (const kind of group.kinds) {
    const gvkOf = (s) => s['x-kubernetes-group-version-kind']?.[0];
    const [full, schema] =
      Object.entries(doc.components.schemas).find(
        ([n, s]) => n.endsWith(`.${kind}`) && gvkOf(s)?.kind === kind,
      ) ?? [];
    if (!schema) throw new Error(`${group.file} has no ${kind}`);
    const gvk = gvkOf(schema);
    roots.push({ full, kind, gvk });
    const subresources = new Set();
    let plural;
    let namespaced = false;
    for (const path of Object.keys(doc.paths)) {
      const match =
        /\/v\d[a-z0-9]*\/(namespaces\/\{namespace\}\/)?([a-z]+)\/\{name\}(?:\/(scale|status|log|eviction|binding|exec|token))?$/.exec(
          path,
        );
      if (!match) continue;
      const operations = Object.values(doc.paths[path]).filter((o) => o?.['x-kubernetes-group-version-kind']);
      if (!match[3] && operations.some((o) => o['x-kubernetes-group-version-kind'].kind === kind)) {
        plural = match[2];
        namespaced = Boolean(match[1]);
      }
    }
    if (plural) {
      for (const path of Object.keys(doc.paths)) {
        const match = new RegExp(`/${plural}/\\{name\\}/(scale|status)$`).exec(path);
        if (match) subresources.add(match[1]);
      }
    }
    kubernetes.kinds.push({
      group: gvk.group,
      version: gvk.version,
      kind,
      plural: plural ?? '',
      singular: kind.toLowerCase(),
      shortNames: shortNames[plural] ?? [],
      namespaced,
      subresources: [...subresources].sort(),
      definition: shortRef(full),
    });
  }
  const reach = (full) => {
    const name = shortRef(full);
    if (kubernetes.definitions[name]) return;
    const schema = doc.components.schemas[full];
    kubernetes.definitions[name] = trim(schema, false);
    for (const ref of JSON.stringify(schema).matchAll(/"#\/components\/schemas\/([^"]+)"/g)) reach(ref[1]);
  };
  for (const root of roots) reach(root.full);
  if (group.typed)
    typeFiles.set(
      group.name,
      roots.map((r) => shortRef(r.full)),
    );
}
kubernetes.definitions = Object.fromEntries(
  Object.entries(kubernetes.definitions).sort(([a], [b]) => (a < b ? -1 : 1)),
);
written.set('src/schemas/kubernetes.json', JSON.stringify(kubernetes) + '\n');

for (const { out, version, from, files } of crds) {
  const result = { version, kinds: [], definitions: {} };
  for (const file of files) {
    const crd = parse(readFileSync(join(from, `${file}.yaml`), 'utf8')).spec;
    for (const v of crd.versions) {
      if (!v.served) continue;
      const definition = `${crd.group}.${v.name}.${crd.names.kind}`;
      const schema = trim(v.schema.openAPIV3Schema, true);
      schema.properties.metadata = { $ref: 'meta.v1.ObjectMeta' };
      // The embedded Job template repeats batch/v1 in 8,000 lines: point at it, with its merge keys.
      if (crd.names.kind === 'ScaledJob')
        schema.properties.spec.properties.jobTargetRef = { $ref: 'batch.v1.JobSpec' };
      result.kinds.push({
        group: crd.group,
        version: v.name,
        kind: crd.names.kind,
        plural: crd.names.plural,
        singular: crd.names.singular,
        shortNames: crd.names.shortNames ?? [],
        namespaced: crd.scope === 'Namespaced',
        subresources: Object.keys(v.subresources ?? {}).sort(),
        definition,
      });
      result.definitions[definition] = schema;
    }
  }
  if (out === 'keda') {
    const builder = readFileSync(join(from, '../../../pkg/scaling/scalers_builder.go'), 'utf8');
    result.triggers = [...builder.matchAll(/^\tcase (".*"):$/gm)]
      .flatMap((m) => m[1].split(', ').map((t) => JSON.parse(t)))
      .filter((t) => t !== 'external-mock')
      .sort();
  }
  written.set(`src/schemas/${out}.json`, JSON.stringify(result) + '\n');
}

// --- TypeScript types ---------------------------------------------------------------------------------------------

const external = {
  'meta.v1.ObjectMeta': 'ObjectMeta',
  'meta.v1.OwnerReference': 'OwnerReference',
  'meta.v1.LabelSelector': 'LabelSelector',
  'meta.v1.LabelSelectorRequirement': 'LabelSelectorRequirement',
  'meta.v1.Condition': 'Condition',
  Quantity: 'Quantity',
  IntOrString: 'IntOrString',
  'meta.v1.Time': 'Time',
  'meta.v1.MicroTime': 'Time',
};
const homes = new Map();
const fileOf = new Map();
for (const [file, roots] of typeFiles) {
  const visit = (name) => {
    if (external[name] || homes.has(name)) return;
    const [prefix, version] = name.split('.');
    const home =
      [...typeFiles.keys()].find((f) => f === prefix && (f !== 'autoscaling' || version === 'v2')) ?? file;
    homes.set(name, home);
    for (const ref of JSON.stringify(kubernetes.definitions[name]).matchAll(/"\$ref":"([^"]+)"/g))
      visit(ref[1]);
  };
  for (const root of roots) {
    fileOf.set(root, file);
    visit(root);
  }
}

const tsName = (ref) => external[ref] ?? ref.split('.').at(-1);
function tsType(schema) {
  if (schema.$ref) return tsName(schema.$ref);
  if (schema.type === 'array') {
    const item = tsType(schema.items);
    return /^[A-Za-z]+$/.test(item) ? `readonly ${item}[]` : `ReadonlyArray<${item}>`;
  }
  if (schema.type === 'object') {
    if (schema.additionalProperties)
      return `Readonly<Record<string, ${tsType(schema.additionalProperties)}>>`;
    return 'Readonly<Record<string, unknown>>';
  }
  return (
    { string: 'string', boolean: 'boolean', integer: 'number', number: 'number' }[schema.type] ?? 'unknown'
  );
}

for (const file of typeFiles.keys()) {
  const names = [...homes]
    .filter(([, home]) => home === file)
    .map(([name]) => name)
    .sort();
  const body = [];
  const uses = new Set();
  for (const name of names) {
    const schema = kubernetes.definitions[name];
    if (!schema.properties) {
      body.push(`export type ${tsName(name)} = ${tsType({ ...schema, type: schema.type ?? 'unknown' })};\n`);
      continue;
    }
    const gvk = schema['x-kubernetes-group-version-kind']?.[0];
    const isRoot = gvk && fileOf.has(name);
    const lines = Object.entries(schema.properties).map(([key, value]) => {
      if (isRoot && key === 'apiVersion')
        return `  readonly apiVersion: '${gvk.group ? `${gvk.group}/` : ''}${gvk.version}';`;
      if (isRoot && key === 'kind') return `  readonly kind: '${gvk.kind}';`;
      const always =
        isRoot &&
        (key === 'metadata' ||
          (key === 'spec' &&
            !['Namespace', 'Node', 'Lease', 'LimitRange', 'ResourceQuota'].includes(gvk.kind)));
      for (const ref of JSON.stringify(value).matchAll(/"\$ref":"([^"]+)"/g)) uses.add(ref[1]);
      const quoted = /^[A-Za-z_$][\w$]*$/.test(key) ? key : `'${key}'`;
      return `  readonly ${quoted}${always || schema.required?.includes(key) ? '' : '?'}: ${tsType(value)};`;
    });
    body.push(`export type ${tsName(name)} = {\n${lines.join('\n')}\n};\n`);
  }
  const imports = new Map();
  for (const ref of uses) {
    const home = external[ref] ? 'meta' : homes.get(ref);
    if (home !== file) imports.set(home, (imports.get(home) ?? new Set()).add(tsName(ref)));
  }
  const head = [...imports]
    .sort()
    .map(([home, set]) => `import type { ${[...set].sort().join(', ')} } from './${home}';`);
  written.set(
    `src/types/${file}.ts`,
    `// Made by update-schemas.mjs from the OpenAPI document of Kubernetes ${kubernetes.version}; do not edit.\n${head.join('\n')}\n\n${body.join('\n')}`,
  );
}

const { format, resolveConfig } = await import('prettier');
let stale = 0;
for (const [path, raw] of written) {
  const target = join(here, path);
  const text = path.endsWith('.ts')
    ? await format(raw, { ...(await resolveConfig(target)), filepath: target })
    : raw;
  if (args.verify) {
    if (!existsSync(target) || readFileSync(target, 'utf8') !== text) {
      console.error(`stale: ${path}`);
      stale += 1;
    }
    continue;
  }
  mkdirSync(dirname(target), { recursive: true });
  writeFileSync(target, text);
  console.log(`${path} ${(text.length / 1024).toFixed(0)} kB`);
}
process.exit(stale ? 1 : 0);
