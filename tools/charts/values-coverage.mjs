// Does each key of a chart's values change something that is rendered? Keys come from its schema, new values from `examples`.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { root } from '../node.mjs';
import { renderCases } from './harness.mjs';
import { valuesSchema } from './values-schema.mjs';

const { structuredClone } = globalThis;
const isObject = (value) => value !== null && typeof value === 'object' && !Array.isArray(value);

/** Deep merge as Helm does it: objects key by key, everything else replaced. */
export function merge(below, above) {
  if (!isObject(below) || !isObject(above)) return structuredClone(above);
  const merged = structuredClone(below);
  for (const [key, value] of Object.entries(above))
    merged[key] = key in merged ? merge(merged[key], value) : structuredClone(value);
  return merged;
}

const read = (path) => parse(readFileSync(join(root, path), 'utf8'));
const get = (value, path) => path.reduce((at, key) => (isObject(at) ? at[key] : undefined), value);
const put = (path, value) => path.reduceRight((inner, key) => ({ [key]: inner }), value);

/** Values of a chart as its templates see them. */
export function defaultValues(chart) {
  const { global, secret, component } = read('charts/common/values.yaml').exports;
  const own = read(`charts/${chart}/values.yaml`);
  const components = own.components
    ? { components: Object.fromEntries(Object.keys(own.components).map((key) => [key, component])) }
    : component;
  return merge(merge(merge(global, secret), components), own);
}

/** Keys of a map that may be empty: one to try. */
const sampleKeys = { volumes: 'extra', nodePorts: 'sample', ports: 'extra' };

/** Every key that takes a value, with its schema. */
export function leaves(schema, values, path = []) {
  if (schema.examples || schema.enum || ![schema.type].flat().some((type) => type === 'object' || type === undefined)) return [{ path, schema }];
  if (schema.properties)
    return Object.entries(schema.properties).flatMap(([key, inner]) =>
      key === 'common' ? [] : leaves(inner, isObject(values) ? values[key] : undefined, [...path, key]),
    );
  if (isObject(schema.additionalProperties)) {
    const given = Object.keys(values ?? {});
    const keys = given.length > 0 ? given : [sampleKeys[path.at(-1)]];
    return keys.flatMap((key) => leaves(schema.additionalProperties, values?.[key], [...path, key]));
  }
  return [{ path, schema }];
}

const deployment = {
  kind: 'Deployment',
  ports: { http: { containerPort: 5900, servicePort: 5900 } },
  volumes: { log: { accessMode: 'ReadWriteMany' } },
};
const scaled = {
  autoscaling: { mode: 'keda', minReplicas: 1, maxReplicas: 6, triggers: { cron: { enabled: true } } },
};
const ready = {
  cpu: {},
  memory: {},
  cron: {},
  sqs: { queueName: 'queue', auth: 'podIdentity' },
  kafka: { topic: 'topic', consumerGroup: 'group', partitions: 100 },
  prometheus: { query: 'vector(1)' },
  http: { hosts: ['example.com'] },
};
const everything = {
  autoscaling: {
    mode: 'keda',
    minReplicas: 0,
    maxReplicas: 6,
    triggers: Object.fromEntries(Object.entries(ready).map(([type, more]) => [type, { ...more, enabled: true }])),
  },
  tests: { host: 'example.com' },
};
const claim = { type: 'claim', mountPath: '/extra', size: '1Gi', accessMode: 'ReadWriteMany' };

/** What must be set beside a key of a component for it to matter: a key of an autoscaler that is off is no use. */
function needsOf(path, component) {
  const key = path.join('.');
  const [first, second, third] = path;
  let needs = {};
  if (component.kind !== 'Deployment' && first !== 'job') needs = merge(needs, deployment);
  if (key === 'kind') return merge(needs, { kind: component.kind, autoscaling: { mode: 'none' } });
  if (first === 'job') return { kind: 'CronJob', autoscaling: { mode: 'none' } };
  if (first === 'replicas' || first === 'pdb' || first === 'tests')
    return merge(needs, { autoscaling: { mode: 'none' }, replicas: first === 'pdb' ? 3 : 1 });
  if (key === 'metricsPort')
    return merge(needs, { ports: { other: { containerPort: 5901, servicePort: 5901 } } });
  if (key === 'service.type') return merge(needs, { networkPolicy: { enabled: false } });
  if (first === 'service' && second === 'nodePorts')
    return merge(needs, { networkPolicy: { enabled: false },
      service: { type: 'NodePort' }, ports: { [third]: { containerPort: 5902, servicePort: 5902 } } });
  if (first === 'ports' && !(second in component.ports))
    return merge(needs, { ports: { [second]: { containerPort: 5903, servicePort: 5903 } } });
  if (first === 'config') return merge(needs, { config: { mountPath: '/config', files: { a: 'a' } } });
  if (first === 'volumes') {
    const volume = third === 'type' ? { ...claim, type: 'emptyDir' } : claim;
    return merge(needs, { volumes: { [second]: volume }, autoscaling: { mode: 'none' }, replicas: 1 });
  }
  if (key === 'monitoring.dashboard.enabled')
    return merge(needs, { monitoring: { dashboard: { panels: [{ title: 'a', expr: 'up', unit: 's' }] } } });
  if (first === 'monitoring') return merge(needs, scaled);
  if (first !== 'autoscaling') return needs;
  if (second === 'hpa') return merge(needs, { autoscaling: { mode: 'hpa', minReplicas: 1 } });
  needs = merge(needs, scaled);
  if (second === 'mode') return merge(needs, { autoscaling: { mode: 'none' } });
  if (second === 'keda' && third === 'fallback')
    return merge(needs, { autoscaling: { keda: { fallback: { failureThreshold: 3 } } } });
  if (third === 'cooldownPeriod') return merge(needs, { autoscaling: { minReplicas: 0 } });
  if (second === 'triggers') {
    const on = path[3] === 'enabled' ? {} : { enabled: true };
    needs = merge(needs, { autoscaling: { triggers: { [third]: { ...ready[third], ...on } } } });
    if (third === 'cron') needs = merge(needs, { autoscaling: { triggers: { cpu: { enabled: true } } } });
  }
  return needs;
}

function secretNeeds(path, values) {
  const keys = Object.keys(values.secret.data);
  const data = Object.fromEntries(keys.map((key) => [key, 'x']));
  const modes = { existingName: 'existing', data: 'create', external: 'external', sealed: 'sealed' };
  return {
    secret: {
      mode: modes[path[1]] ?? (path[1] === 'mode' ? 'existing' : 'external'),
      existingName: 'given',
      data,
      external: { store: 'store', remoteKey: 'path' },
      sealed: { encryptedData: keys.length > 0 ? data : { A: 'a' } },
    },
  };
}

/** A valid value that is not the present one. */
function another(schema, present) {
  const options = schema.examples ?? schema.enum ?? (schema.type === 'boolean' ? [true, false] : []);
  return options.find((option) => JSON.stringify(option) !== JSON.stringify(present));
}

/**
 * @param {(schema: object) => object} sabotage changes the schema, to see that the coverage can be less than 100 %
 * @returns {{keys: {path: string, changed: boolean}[], documents: string[]}} keys that are only checked are left out;
 *   every object that was rendered on the way, once
 */
export function coverage(helm, chart, sabotage = (schema) => schema) {
  const values = defaultValues(chart);
  const keys = leaves(sabotage(valuesSchema(chart)), values).filter(({ schema }) => !schema['x-check']);
  // Many keys need the same values beside them: those are rendered once.
  const cases = [];
  const index = new Map();
  const add = (overrides, only) => {
    const key = JSON.stringify([overrides, only]);
    if (!index.has(key)) index.set(key, cases.push({ values: overrides, only }) - 1);
    return index.get(key);
  };
  const pairs = keys.map(({ path, schema }) => {
    const prefix = path[0] === 'components' ? path.slice(0, 2) : [];
    const all = values.components ? Object.keys(values.components).map((key) => ['components', key]) : [[]];
    let needs;
    if (path[0] === 'global')
      needs = all
        .map((at) => (get(values, [...at, 'kind']) === 'Deployment' ? put(at, everything) : {}))
        .reduce(merge, {});
    else if (path[0] === 'secret' || path.at(-1) === 'useSecret')
      needs = merge(
        secretNeeds(path[0] === 'secret' ? path : ['secret', 'mode'], values),
        // So that the keys may go where the mode needs none.
        all.map((at) => put([...at, 'autoscaling', 'triggers', 'sqs', 'auth'], 'none')).reduce(merge, {}),
      );
    else {
      const component = prefix.length > 0 ? get(values, prefix) : values;
      needs = put(prefix, needsOf(path.slice(prefix.length), component));
    }
    const base = merge(values, needs);
    const value = another(schema, get(base, path));
    if (value === undefined) throw new Error(`${chart}: no other value for ${path.join('.')}: add examples`);
    return [needs, merge(needs, put(path, value))].map((overrides) => add(overrides, prefix[1]));
  });
  const results = renderCases(helm, chart, cases);
  const rendered = results.map(({ objects, tests }) => `${objects}\n${tests}`);
  return {
    keys: keys.map(({ path }, at) => ({
      path: path.join('.'),
      changed: rendered[pairs[at][0]] !== rendered[pairs[at][1]],
    })),
    documents: [...new Set(rendered.flatMap((text) => text.split(/^---$/m)).map((text) => text.trim()))].filter(Boolean),
  };
}
