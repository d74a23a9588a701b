// Flux: what its kustomizations build is valid, complete, and the same as the charts, the playbooks and tools/release.mjs say.
import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { targets } from '../release/targets.mjs';
import {
  exists,
  fluxFolder,
  readText,
  readYamlObjects,
  workflows,
  readYaml,
  gitlabFile,
  jenkinsFile,
  yamlFiles,
} from './files.mjs';
import { schemaProblems } from './schemas.mjs';

/** Cluster by cluster, the profile of its charts. */
export const clusters = { staging: 'kind-demo', production: 'eks' };

/** Tags as tools/release.mjs makes them for the commits that a cluster follows. */
const exampleTags = { staging: ['main-1767323045-0123abc'], production: ['0.1.0', '1.2.3'] };

/** What was built before, by the texts that it was built from: a check of many variants builds each part once. */
const built = new Map();

/** @returns {object[] | {skipped: string}} what `kubectl kustomize` makes of a folder */
function build(root, folder) {
  const area = folder.split('/').slice(0, 3).join('/');
  const key = [folder, ...yamlFiles(root, area).flatMap((file) => [file, readText(root, file)])].join('\n');
  if (built.has(key)) return built.get(key);
  const { status, stdout, stderr, error } = spawnSync('kubectl', ['kustomize', join(root, folder)], {
    encoding: 'utf8',
    maxBuffer: 16 << 20,
  });
  if (error) return { skipped: `kubectl is not in PATH (${error.code})` };
  if (status !== 0) throw new Error(`${folder}: kustomize: ${stderr.trim().split('\n')[0]}`);
  built.set(key, readYamlObjects(stdout, folder));
  return built.get(key);
}

const keyOf = ({ kind, metadata }) => `${kind} ${metadata.namespace ?? ''}/${metadata.name}`;

/** @returns {{problems: string[], skipped?: string, objects?: number}} */
export function checkFlux(root) {
  const problems = [];
  let objects = 0;
  for (const file of yamlFiles(root, fluxFolder)) readYamlObjects(readText(root, file), file);
  for (const [cluster, profile] of Object.entries(clusters)) {
    const own = `${fluxFolder}/clusters/${cluster}`;
    const head = build(root, own);
    if (head.skipped) return { problems, skipped: head.skipped };
    const say = (text) => problems.push(`${own}: ${text}`);
    const steps = head.filter(({ kind }) => kind === 'Kustomization');
    const names = steps.map(({ metadata }) => metadata.name);
    const all = [...head];
    const by = {};
    for (const { metadata, spec } of steps) {
      const path = spec.path.replace(/^\.\//, '');
      if (!exists(root, join(path, 'kustomization.yaml'))) {
        say(`${metadata.name}: ${spec.path} has no kustomization.yaml`);
        continue;
      }
      by[metadata.name] = build(root, path);
      all.push(...by[metadata.name]);
      for (const { name } of spec.dependsOn ?? [])
        if (!names.includes(name)) say(`${metadata.name}: depends on ${name}, which does not exist`);
    }
    const keys = all.map(keyOf);
    for (const key of new Set(keys))
      if (keys.indexOf(key) !== keys.lastIndexOf(key)) say(`${key} is there twice`);
    for (const object of all)
      problems.push(...schemaProblems(object).map((text) => `${own}: ${keyOf(object)}: ${text}`));
    objects += all.length;
    if (
      !(steps.find(({ metadata }) => metadata.name === 'apps')?.spec.dependsOn ?? []).some(({ name }) =>
        name.startsWith('infrastructure'),
      )
    )
      say('apps do not wait for the infrastructure');
    problems.push(...checkReleases(root, own, profile, by.apps ?? [], all));
    problems.push(...checkInfrastructure(root, own, all));
    problems.push(...checkImages(root, cluster, by.apps ?? [], by.images ?? [], own));
  }
  problems.push(...checkLoop(root));
  return { problems, objects };
}

/** A HelmRelease a release of the profile, with the values files that tools/release.mjs deploy passes. */
function checkReleases(root, own, profile, apps, all) {
  const problems = [];
  const releases = apps.filter(({ kind }) => kind === 'HelmRelease');
  const namespaces = all.filter(({ kind }) => kind === 'Namespace').map(({ metadata }) => metadata.name);
  const known = all.filter(({ kind }) => kind === 'HelmRelease').map(keyOf);
  const repositories = all.filter(({ kind }) => /Repository$/.test(kind)).map(keyOf);
  const wanted = targets(profile);
  for (const { release, chart, namespace, values, wait } of wanted) {
    const found = releases.find(({ metadata }) => metadata.name === release);
    const say = (text) => problems.push(`${own}: HelmRelease ${release}: ${text}`);
    if (!found) {
      say('does not exist');
      continue;
    }
    const { spec, metadata } = found;
    if (metadata.namespace !== namespace || (spec.targetNamespace ?? namespace) !== namespace)
      say(`is not in ${namespace}`);
    if (spec.releaseName !== release) say(`makes a release ${spec.releaseName}`);
    if (spec.chart.spec.chart !== `charts/${chart}`)
      say(`is of ${spec.chart.spec.chart}, not charts/${chart}`);
    if (spec.chart.spec.reconcileStrategy !== 'Revision')
      say('sees only new version numbers of the chart: reconcileStrategy: Revision');
    const files = [`charts/${chart}/values.yaml`, 'charts/shared-values.yaml', ...values];
    if (spec.chart.spec.valuesFiles.join() !== files.join())
      say(`valuesFiles are ${spec.chart.spec.valuesFiles.join(', ')}; they should be ${files.join(', ')}`);
    for (const file of spec.chart.spec.valuesFiles) if (!exists(root, file)) say(`${file} does not exist`);
    if ((spec.upgrade?.disableWait === true) === wait)
      say(wait ? 'does not wait for its pods' : 'waits for a volume that its first job binds');
  }
  for (const object of all.filter(({ kind }) => kind === 'HelmRelease')) {
    const say = (text) => problems.push(`${own}: ${keyOf(object)}: ${text}`);
    if (!namespaces.includes(object.metadata.namespace) && object.metadata.namespace !== 'kube-system')
      say('nothing makes its namespace');
    for (const { name, namespace = object.metadata.namespace } of object.spec.dependsOn ?? [])
      if (!known.includes(`HelmRelease ${namespace}/${name}`))
        say(`depends on ${namespace}/${name}, which does not exist`);
    const { kind, name, namespace = object.metadata.namespace } = object.spec.chart.spec.sourceRef;
    if (!repositories.includes(`${kind} ${namespace}/${name}`))
      say(`its source ${kind} ${namespace}/${name} does not exist`);
  }
  for (const { metadata } of releases)
    if (!wanted.some(({ release }) => release === metadata.name))
      problems.push(`${own}: HelmRelease ${metadata.name} is no release of profile ${profile}`);
  return [...problems, ...checkOperators(own, root, wanted, releases)];
}

/** Whatever an object of a chart needs to be understood is a dependency of its release. */
function checkOperators(own, root, wanted, releases) {
  const needs = {
    ScaledObject: 'keda',
    InterceptorRoute: 'http-add-on',
    HorizontalPodAutoscaler: 'metrics-server',
    ServiceMonitor: 'kind-prometheus',
  };
  return wanted.flatMap(({ release, chart, values }) => {
    const profile = values.at(-1).includes('/zero.yaml')
      ? `zero-${values.at(-2).split('/').at(-1)}`
      : values.at(-1).split('/').at(-1);
    const kinds = readYamlObjects(readText(root, `charts/${chart}/rendered/${profile}`), chart).map(
      ({ kind }) => kind,
    );
    const found = releases.find(({ metadata }) => metadata.name === release);
    const direct = (found?.spec.dependsOn ?? []).map(({ name }) => name);
    // The HTTP add-on itself depends on KEDA.
    const depends = direct.includes('http-add-on') ? [...direct, 'keda'] : direct;
    return Object.entries(needs)
      .filter(([kind, operator]) => kinds.includes(kind) && !depends.includes(operator))
      .map(
        ([kind, operator]) =>
          `${own}: HelmRelease ${release} has a ${kind} and does not depend on ${operator}`,
      );
  });
}

/** The same charts in the same versions as the playbooks'. */
function checkInfrastructure(root, own, all) {
  const playbooks = parse(readText(root, 'ansible/group_vars/all.yml'));
  const parts = {
    metrics_server: 'metrics-server',
    prometheus: 'prometheus',
    keda: 'keda',
    http_add_on: 'http_add_on',
  };
  return Object.keys(parts).flatMap((part) => {
    const pinned = playbooks.pinned_charts[part];
    const [release, namespace] = [playbooks[`release_${part}`], playbooks[`namespace_${part}`]];
    const found = all.find((object) => keyOf(object) === `HelmRelease ${namespace}/${release}`);
    if (!found)
      return [`${own}: HelmRelease ${namespace}/${release}, as the playbooks call it, does not exist`];
    const { chart, version, sourceRef } = found.spec.chart.spec;
    const url = all.find(
      ({ kind, metadata }) => kind === 'HelmRepository' && metadata.name === sourceRef.name,
    )?.spec.url;
    const now = `${chart} ${version} of ${url}`;
    const should = `${pinned.name} ${pinned.version} of ${pinned.repo}`;
    return now === should
      ? []
      : [`${own}: HelmRelease ${release} is ${now}; ansible/group_vars/all.yml has ${should}`];
  });
}

/** Every image is followed, and every tag is written by the policy of its image. */
function checkImages(root, cluster, apps, images, own) {
  const problems = [];
  const say = (text) => problems.push(`${own}: ${text}`);
  const of = (kind) =>
    new Map(
      images.filter((object) => object.kind === kind).map((object) => [object.metadata.name, object.spec]),
    );
  const [repositories, policies, automations] = [
    'ImageRepository',
    'ImagePolicy',
    'ImageUpdateAutomation',
  ].map(of);
  const folder = `${fluxFolder}/apps/${cluster}`;
  const text = readText(root, `${folder}/tags.yaml`);
  const markers = [
    ...text.matchAll(
      /name: (\S+)\n {2}namespace: \S+\nspec:\n {2}values:\n {4}global:\n {6}image:\n {8}tag: (\S+) # (\{.*\})/g,
    ),
  ];
  for (const { metadata, spec } of apps.filter(({ kind }) => kind === 'HelmRelease')) {
    const image = spec.chart.spec.chart.replace('charts/', '');
    const registry = spec.values?.global?.image?.registry;
    const [, , tag, marker] = markers.find(([, name]) => name === metadata.name) ?? [];
    if (!marker || JSON.parse(marker).$imagepolicy !== `flux-system:${image}:tag`)
      say(
        `${folder}/tags.yaml: ${metadata.name} has no marker flux-system:${image}:tag on its tag: it would never change`,
      );
    else if (spec.values.global.image.tag !== tag)
      say(`${metadata.name}: tag is ${spec.values.global.image.tag}, not that of tags.yaml`);
    const policy = policies.get(image);
    if (policy?.imageRepositoryRef.name !== image)
      say(`ImagePolicy ${image} does not exist, or is of another image`);
    if (repositories.get(image)?.image !== `${registry}/${image}`)
      say(`ImageRepository ${image} is not of ${registry}/${image}`);
    if (policy && !exampleTags[cluster].every((example) => accepts(policy, example)))
      say(
        `ImagePolicy ${image} takes none of ${exampleTags[cluster].join(', ')}, as tools/release.mjs names them`,
      );
    if (policy && accepts(policy, exampleTags[cluster === 'staging' ? 'production' : 'staging'][0]))
      say(`ImagePolicy ${image} takes tags of the other cluster`);
  }
  for (const [name, { update }] of automations)
    if (update.path !== `./${folder}`)
      say(`ImageUpdateAutomation ${name} writes to ${update.path}, not ./${folder}`);
  if (automations.size !== 1) say(`there are ${automations.size} ImageUpdateAutomations, not one`);
  return problems;
}

function accepts({ policy, filterTags }, tag) {
  if (filterTags && !new RegExp(filterTags.pattern.replace('?P<', '?<')).test(tag)) return false;
  // All ranges of ours are ">=x.y.z", which take no prereleases.
  return policy.semver ? /^\d+\.\d+\.\d+$/.test(tag) : true;
}

/** What the automation commits starts no release, which would make it commit again. */
function checkLoop(root) {
  const author = 'fluxcdbot';
  const problems = [];
  for (const file of readdirSync(join(root, fluxFolder, 'images/base')))
    if (
      file === 'automation.yaml' &&
      !readText(root, `${fluxFolder}/images/base/${file}`).includes(`name: ${author}`)
    )
      problems.push(
        `${fluxFolder}/images/base/${file}: the author is not ${author}, whom the pipelines know`,
      );
  for (const file of workflows(root)) {
    const { push } = readYaml(root, file).on ?? {};
    if (push?.branches && !(push['paths-ignore'] ?? []).includes(`${fluxFolder}/apps/*/tags.yaml`))
      problems.push(
        `${file}: runs for commits of the image automation: paths-ignore ${fluxFolder}/apps/*/tags.yaml`,
      );
  }
  const gitlab = readYaml(root, gitlabFile).workflow.rules[0];
  if (gitlab?.when !== 'never' || !gitlab.if.includes(`$CI_COMMIT_AUTHOR =~ /^${author} /`))
    problems.push(
      `${gitlabFile}: runs for commits of the image automation: its first rule must leave out ${author}`,
    );
  const guards =
    readText(root, jenkinsFile).split(`expression { env.COMMIT_AUTHOR != '${author}' }`).length - 1;
  if (guards !== 3)
    problems.push(`${jenkinsFile}: ${guards} of 3 stages that push or deploy leave out commits of ${author}`);
  return problems;
}
