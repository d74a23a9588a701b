// Rules that no linter of Ansible knows: the playbooks agree with the charts, with docker-compose, with the schemas and with their own documentation.

const chartNames = { backend: 'backend-api', data: 'data-api' };

/** Names and services: every chart has a row, and stands where everything else expects it. */
export function namesOfCharts({ charts, variables }) {
  const problems = [];
  const rows = Object.entries(variables.service_catalog);
  for (const [key, row] of rows) {
    if (!(row.chart in charts))
      problems.push(`service_catalog.${key}.chart is ${row.chart}: there is no such chart`);
    if (!(`values_${key}` in variables))
      problems.push(`values_${key} is missing: a default of {} for each row of service_catalog`);
    for (const what of ['release', 'namespace'])
      if (row[what] !== `{{ ${what}_${key} }}`)
        problems.push(`service_catalog.${key}.${what} is ${row[what]}: it must be {{ ${what}_${key} }}`);
  }
  for (const [chart, namespace] of Object.entries(charts)) {
    const row = rows.find(([, { chart: name, profiles }]) => name === chart && !profiles);
    if (!row) {
      problems.push(`service_catalog: charts/${chart} has no row`);
      continue;
    }
    const [key] = row;
    if (variables[`namespace_${key}`] !== namespace)
      problems.push(`namespace_${key} is ${variables[`namespace_${key}`]}, the charts' own is ${namespace}`);
    if (variables[`release_${key}`] !== (chartNames[key] ?? chart))
      problems.push(`release_${key} is ${variables[`release_${key}`]}, the chart is called ${chart}`);
    if (chart !== 'emulators' && !variables.services.includes(key))
      problems.push(`services: ${key} is not installed by default`);
  }
  for (const key of variables.services)
    if (!(key in variables.service_catalog)) problems.push(`services: ${key} has no row in service_catalog`);
  return problems;
}

/** Values that charts/shared-values.yaml has too, and node ports that kind has to publish. */
export function sharedValues({ nodePorts, roles, shared, variables }) {
  const problems = [];
  const pairs = [
    ['image_registry', shared.image.registry],
    ['image_tag', shared.image.tag],
    ['image_pull_policy', shared.image.pullPolicy],
    ['release_prometheus', shared.monitoring.release],
    ['namespace_prometheus', shared.monitoring.namespace],
  ];
  for (const [name, value] of pairs)
    if (variables[name] !== value)
      problems.push(`${name} is ${variables[name]}, charts/shared-values.yaml has ${value}`);
  const inNamespace = (address) => /\.([^.:/]+):\d+$/.exec(address)?.[1];
  for (const [name, address] of [
    ['namespace_http_add_on', shared.endpoints.httpScaler],
    ['namespace_http_add_on', shared.endpoints.httpProxy],
    ['namespace_prometheus', shared.endpoints.prometheus],
    ['namespace_emulators', shared.endpoints.aws],
  ])
    if (variables[name] !== inNamespace(address))
      problems.push(`${name} is ${variables[name]}, but charts/shared-values.yaml asks ${address}`);
  const used = [
    ...nodePorts,
    ...(JSON.stringify(roles.prometheus.defaults).match(/nodePort': \d+/g) ?? []).map((text) =>
      Number(text.split(' ')[1]),
    ),
  ];
  for (const port of used)
    if (Number(port) > 0 && !variables.kind_ports.includes(Number(port)))
      problems.push(`kind_ports lacks ${port}, a node port of charts or of kube-prometheus-stack`);
  return problems;
}

/** One place for versions, and the same ones as everywhere else. */
export function versions({ collections, compose, requirements, roleFiles, schemas, variables }) {
  const problems = [];
  for (const line of requirements.split('\n').filter((text) => text && !text.startsWith('#')))
    if (!/^[a-z-]+==\d+(\.\d+)+$/.test(line))
      problems.push(`ansible/requirements.txt: "${line}" is not pinned; write name==version`);
  for (const { name, version } of collections)
    if (!/^\d+\.\d+\.\d+$/.test(version))
      problems.push(`ansible/requirements.yml: ${name} is not pinned: ${version}`);
  const { http_add_on: httpAddOn, keda } = variables.pinned_charts;
  if (keda.version !== schemas.keda)
    problems.push(
      `pinned_charts.keda is ${keda.version}, the schemas of libs/manifests are of ${schemas.keda}`,
    );
  if (httpAddOn.version !== schemas['http-add-on'])
    problems.push(
      `pinned_charts.http_add_on is ${httpAddOn.version}, the schemas of libs/manifests are of ${schemas['http-add-on']}`,
    );
  const minor = schemas.kubernetes.split('.').slice(0, 2).join('.');
  if (!variables.pinned_images.kind_node.startsWith(`kindest/node:v${minor}.`))
    problems.push(
      `pinned_images.kind_node is ${variables.pinned_images.kind_node}, the schemas of libs/manifests are of ${minor}`,
    );
  for (const [name, image] of Object.entries(variables.pinned_images)) {
    if (!/:[^@]+@sha256:[0-9a-f]{64}$/.test(image))
      problems.push(`pinned_images.${name} is ${image}: give a tag and a digest`);
    const other = compose?.[name]?.image;
    if (other && other !== image)
      problems.push(`pinned_images.${name} is ${image}, docker-compose.yml has ${other}`);
  }
  for (const [path, text] of Object.entries(roleFiles))
    for (const [index, line] of text.split('\n').entries())
      if (
        /(image|version|tag): *['"]?[\w./-]*:?v?\d+\.\d+\.\d+/.test(line) &&
        !line.includes('min_ansible_version') &&
        !/set_fact|kube_version/.test(line)
      )
        problems.push(`${path}:${index + 1}: a version outside of group_vars/all.yml: ${line.trim()}`);
  return problems;
}

/** Roles keep to their own names, playbooks are those that are promised, and every variable of a user is documented. */
export function conventions({ docs, inventory, playbooks, roles, variables }) {
  const problems = [];
  const own =
    /^(services_named|services_selected|uses_emulators|endpoints|emulators_env|service_globals|charts_dir|images|prometheus_fullname|kubeconfig_path|kube_context_used|cluster_environment|service_catalog)$/;
  for (const [role, { defaults, meta }] of Object.entries(roles)) {
    for (const name of Object.keys(defaults))
      if (!name.startsWith(`${role}_`))
        problems.push(`roles/${role}/defaults: ${name} does not begin with ${role}_`);
    if (!meta.galaxy_info?.description) problems.push(`roles/${role}/meta: no description`);
  }
  const listed = roles.preflight.defaults.preflight_roles;
  if (listed.join() !== Object.keys(roles).join())
    problems.push(
      `preflight_roles is ${listed.join(', ')}, the folders are ${Object.keys(roles).join(', ')}`,
    );
  for (const file of ['site.yml', 'playbook_backend.yml', 'playbook_data.yml', 'reset.yml', 'verify.yml']) {
    if (!(file in playbooks)) problems.push(`ansible/playbooks/${file} is missing`);
    if (!docs.includes(file)) problems.push(`docs/ansible.md does not mention ${file}`);
  }
  for (const part of [
    'kind',
    'metrics_server',
    'prometheus',
    'keda',
    'http_add_on',
    'observability',
    'kafka',
    'localstack',
    'images',
    'services',
    'verify',
  ])
    if (!new RegExp(`tags: \\[[^\\]]*\\b${part}\\b`).test(playbooks['site.yml'] ?? ''))
      problems.push(`ansible/playbooks/site.yml: no part has the tag ${part}`);
  const host = inventory.all.children.local.hosts.localhost;
  if (host.ansible_connection !== 'local')
    problems.push('ansible/inventory.yml: localhost is not reached by a local connection');
  const documented = (name) => docs.includes(`\`${name}\``) || docs.includes(`${name}=`);
  for (const name of Object.keys(variables))
    if (!own.test(name) && !/^(release|namespace|values)_/.test(name) && !documented(name))
      problems.push(`docs/ansible.md does not mention ${name}`);
  return problems;
}
