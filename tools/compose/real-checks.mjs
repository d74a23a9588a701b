// docker-compose.yml with docker-compose.embedded.yml, started for real, used, stopped under load and taken down.
import { spawn, spawnSync } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { DynamoDBClient, ListTablesCommand, ScanCommand } from '@aws-sdk/client-dynamodb';
import { ListQueuesCommand, SQSClient } from '@aws-sdk/client-sqs';
import { root } from '../node.mjs';
import { defaultSet } from './rules.mjs';

const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };

/** What was sent against what is stored, by id. @param {Iterable<string>} sent  @param {string[]} stored keys of the rows */
export function ledger(sent, stored) {
  const wanted = new Set(sent);
  const found = new Set(stored);
  return {
    lost: [...wanted].filter((id) => !found.has(id)),
    foreign: [...found].filter((id) => !wanted.has(id)),
  };
}

/** One compose project of its own: name, address and images that collide with nobody's. */
export class Project {
  constructor({ compose, env, name, address, registry, tag }) {
    this.name = name;
    this.address = address;
    this.words = [
      ...compose.words,
      '-p',
      name,
      '-f',
      'docker-compose.yml',
      '-f',
      'docker-compose.embedded.yml',
    ];
    this.env = {
      ...env,
      BIND_ADDRESS: address,
      REGISTRY: registry,
      TAG: tag,
      SQS_WORK_MS: '60',
      KAFKA_WORK_MS: '10',
      PROCESSING_MS: '500',
      HEALTH_CHECK_EVERY_MS: '2000',
      COMPOSE_IGNORE_ORPHANS: '1',
    };
    const endpoint = `http://${address}:4566`;
    this.tables = new DynamoDBClient({ endpoint, region: 'us-east-1', credentials });
    this.queues = new SQSClient({ endpoint, region: 'us-east-1', credentials });
  }

  run(...args) {
    const { status, stdout, stderr } = spawnSync(this.words[0], [...this.words.slice(1), ...args], {
      cwd: root,
      env: this.env,
      encoding: 'utf8',
      timeout: 240_000,
    });
    if (status !== 0)
      throw new Error(
        `compose ${args.join(' ')} ended with ${status}: ${stderr.split('\n').slice(-8).join('\n')}`,
      );
    return stdout;
  }

  /** As run, while other things go on. */
  begin(...args) {
    const child = spawn(this.words[0], [...this.words.slice(1), ...args], {
      cwd: root,
      env: this.env,
      stdio: 'ignore',
    });
    return new Promise((done, fail) => {
      child.once('error', fail);
      child.once('exit', (status) =>
        status === 0 ? done() : fail(new Error(`compose ${args.join(' ')} ended with ${status}`)),
      );
    });
  }

  async post(port, path, body) {
    const answer = await fetch(`http://${this.address}:${port}${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
      signal: AbortSignal.timeout(15_000),
    });
    if (answer.status !== 202) throw new Error(`POST ${path}: ${answer.status} ${await answer.text()}`);
    return answer.json();
  }

  /** Keys of all rows of a table. */
  async keys(table) {
    const keys = [];
    let from;
    do {
      const page = await this.tables.send(
        new ScanCommand({ TableName: table, ExclusiveStartKey: from, ProjectionExpression: 'id' }),
      );
      keys.push(...page.Items.map(({ id }) => id.S));
      from = page.LastEvaluatedKey;
    } while (from);
    return keys;
  }

  close() {
    this.tables.destroy();
    this.queues.destroy();
  }
}

async function until(what, seconds, condition) {
  const deadline = Date.now() + seconds * 1_000;
  for (;;) {
    if (await condition()) return;
    if (Date.now() > deadline) throw new Error(`not within ${seconds} s: ${what}`);
    await sleep(200);
  }
}

async function stored(project, table, ids, seconds) {
  let last = { lost: [...ids], foreign: [] };
  const deadline = Date.now() + seconds * 1_000;
  while (last.lost.length > 0 && Date.now() < deadline) {
    last = ledger(ids, await project.keys(table));
    if (last.lost.length > 0) await sleep(300);
  }
  return last;
}

/** @param {number} [unsure] rows of requests that got no answer: nothing was promised, and they may be there all the same */
export function ledgerProblems(table, { lost, foreign }, unsure = 0) {
  const problems = [];
  if (lost.length > 0)
    problems.push(`${table}: ${lost.length} lost, for example ${lost.slice(0, 3).join(', ')}`);
  if (foreign.length > unsure)
    problems.push(
      `${table}: ${foreign.length} that nobody sent, for example ${foreign.slice(0, 3).join(', ')}`,
    );
  return problems;
}

/** Messages of one request. */
const batch = 10;
const items = 'sqs-worker-items';
const events = 'kafka-consumer-events';

/**
 * The run, in order; yields {name, problems, done}. Ends early when nothing can come of the rest.
 * @param {Project} project  @param docker for a look at the containers (images/docker.mjs)
 */
export async function* composeChecks(project, docker) {
  const sent = { [items]: [], [events]: [] };
  project.run('up', '--detach', '--no-build', '--scale', 'sqs-worker=4');
  const containers = () =>
    docker
      .run('ps', '--all', '--quiet', '--filter', `label=com.docker.compose.project=${project.name}`)
      .split('\n')
      .filter(Boolean)
      .map((id) => docker.inspect(id));
  const of = (service) =>
    containers().filter(({ Config }) => Config.Labels['com.docker.compose.service'] === service);
  const up = ({ State }) => State.Status === 'running' && (State.Health?.Status ?? 'healthy') === 'healthy';
  const wanted = [...defaultSet.foreign, ...defaultSet.own].filter((name) => name !== 'health-check');
  await until('every service is healthy', 90, () =>
    wanted.every((name) => of(name).length > 0 && of(name).every(up)),
  );
  yield {
    name: 'up',
    problems: of('sqs-worker').length === 4 ? [] : ['--scale sqs-worker=4 did not make 4'],
    done: `${wanted.length} services healthy, 4 workers`,
  };

  yield { name: 'fence', ...fence(containers(), project) };

  const { messageId } = await project.post(5001, '/process_message', { hello: 'world' });
  sent[items].push(messageId);
  yield {
    name: 'POST /process_message',
    problems: ledgerProblems(items, await stored(project, items, sent[items], 20)),
    done: `item ${messageId} in ${items}`,
  };

  const queues = ((await project.queues.send(new ListQueuesCommand({}))).QueueUrls ?? [])
    .map((url) => url.split('/').at(-1))
    .sort();
  const tables = (await project.tables.send(new ListTablesCommand({}))).TableNames.sort();
  const names = { queues: ['sqs-worker-messages', 'sqs-worker-messages-dlq'], tables: [events, items] };
  yield {
    name: 'list-queues, list-tables',
    problems:
      JSON.stringify({ queues, tables }) === JSON.stringify(names)
        ? []
        : [`got ${JSON.stringify({ queues, tables })}, want ${JSON.stringify(names)}`],
    done: [...queues, ...tables].join(', '),
  };

  const { ids } = await project.post(8081, '/produce', { count: 50, value: { hello: 'kafka' } });
  sent[events].push(...ids);
  yield {
    name: 'POST /produce',
    problems: ledgerProblems(events, await stored(project, events, sent[events], 30)),
    done: `${ids.length} records in ${events}`,
  };

  const logs = await fetch(`http://${project.address}:5000/download_external_logs?env=staging`);
  const wrong = await fetch(`http://${project.address}:5000/download_external_logs?env=moon`);
  yield {
    name: 'external API',
    problems:
      logs.status === 200 && wrong.status === 400
        ? []
        : [`status ${logs.status} for staging, ${wrong.status} for moon`],
    done: 'staging 200, an unknown environment 400',
  };

  yield { name: 'SIGTERM under load', ...(await terminated(project, sent, of)) };
  yield { name: 'kill -9 of the emulators', ...(await killed(project, sent)) };
  yield { name: 'health check', ...(await healthLog(project, docker)) };

  const before = containers().length;
  project.run('down', '--volumes', '--timeout', '30');
  yield {
    name: 'down -v',
    problems: leftovers(docker, project.name),
    done: `${before} containers, their volumes and network are gone`,
  };
}

/** Read-only root, no capabilities, no new privileges, ports on one address: of the containers, not of the file. */
export function fence(containers, { address }) {
  const problems = [];
  for (const { Name, HostConfig, Config } of containers) {
    if (!HostConfig.ReadonlyRootfs) problems.push(`${Name}: root file system can be written`);
    if (!HostConfig.CapDrop?.includes('ALL')) problems.push(`${Name}: has capabilities`);
    if (!HostConfig.SecurityOpt?.some((option) => /no-new-privileges/.test(option)))
      problems.push(`${Name}: may gain privileges`);
    if (Config.User !== '1000:1000') problems.push(`${Name}: runs as ${Config.User}`);
    for (const bindings of Object.values(HostConfig.PortBindings ?? {}))
      for (const { HostIp } of bindings ?? [])
        if (HostIp !== address) problems.push(`${Name}: publishes on ${HostIp}`);
  }
  return {
    problems,
    done: `${containers.length} containers: read-only, no capabilities, user 1000, ports on ${address} only`,
  };
}

/** Messages and records go in while workers, consumer and API get SIGTERM and come back. */
async function terminated(project, sent, of) {
  const problems = [];
  let refused = 0;
  let sending = true;
  const send = async () => {
    for (let n = 0; sending; n += 1) {
      try {
        const { messageIds } = await project.post(
          5001,
          '/process_messages',
          Array.from({ length: batch }, (_, i) => ({ n, i })),
        );
        sent[items].push(...messageIds);
      } catch {
        // Not taken: nothing was promised.
        refused += 1;
        await sleep(100);
      }
      await sleep(20);
    }
  };
  const senders = [send(), send()];
  const { ids } = await project.post(8081, '/produce', { count: 2_000, value: { hello: 'drain' } });
  sent[events].push(...ids);
  await sleep(1_000);
  for (const service of ['sqs-worker', 'kafka-consumer', 'sqs-worker-api']) {
    await project.begin('stop', '--timeout', '30', service);
    for (const { Name, State } of of(service))
      if (State.ExitCode !== 0) problems.push(`${Name} ended with ${State.ExitCode} on SIGTERM`);
    await project.begin('start', service);
  }
  await until(
    'the API is back',
    60,
    async () => (await fetch(`http://${project.address}:5001/readyz`).catch(() => ({ ok: false }))).ok,
  );
  await sleep(1_000);
  sending = false;
  await Promise.all(senders);
  for (const table of [items, events])
    problems.push(
      ...ledgerProblems(
        table,
        await stored(project, table, sent[table], 90),
        table === items ? refused * batch : 0,
      ),
    );
  return {
    problems,
    done: `${sent[items].length} messages and ${sent[events].length} records, none lost; ${refused} requests refused while the API was away`,
  };
}

/** What was accepted is there after the emulators died without a word. */
async function killed(project, sent) {
  project.run('kill', '-s', 'SIGKILL', 'localstack', 'kafka');
  project.run('start', 'localstack', 'kafka');
  await until('the emulators are back', 60, () =>
    project.queues.send(new ListQueuesCommand({})).then(
      () => true,
      () => false,
    ),
  );
  const problems = [];
  for (const table of [items, events])
    problems.push(...ledgerProblems(table, await stored(project, table, sent[table], 30), Infinity));
  let produced;
  await until('records are taken again', 60, async () => {
    produced = await project.post(8081, '/produce', { count: 10 }).catch(() => null);
    return produced;
  });
  sent[events].push(...produced.ids);
  // A try that failed half-way may have left records behind: those are not lost.
  const { lost } = await stored(project, events, sent[events], 60);
  if (lost.length > 0) problems.push(`${events}: ${lost.length} lost after the broker came back`);
  return { problems, done: 'every item still there, records flow again' };
}

/** The job's file, read from its volume. */
async function healthLog(project, docker) {
  const image = `${project.env.REGISTRY}/health-check:${project.env.TAG}`;
  const read = () =>
    docker.try(
      'run',
      '--rm',
      '--volume',
      `${project.name}_health-log:/var/log:ro`,
      '--entrypoint',
      '/usr/local/bin/node',
      image,
      '-p',
      'require("fs").readFileSync("/var/log/health_check.log","utf8")',
    ).stdout;
  const line = /^\d{4}-\d\d-\d\dT[\d:.]+Z PASS \S+ http\S+ 200 \d+ms ok$/;
  let last = [];
  await until('a run of the health check passes', 60, () => {
    last = read().split('\n').filter(Boolean).slice(-3);
    return last.length === 3 && last.every((text) => line.test(text));
  }).catch(() => {});
  const good = last.length === 3 && last.every((text) => line.test(text));
  return {
    problems: good ? [] : [`the last lines of health_check.log are:\n${last.join('\n')}`],
    done: last.at(-1) ?? '',
  };
}

/** Whatever a project left in Docker. */
export function leftovers(docker, name) {
  const label = ['--filter', `label=com.docker.compose.project=${name}`];
  return [
    ['containers', docker.run('ps', '--all', '--quiet', ...label)],
    ['volumes', docker.run('volume', 'ls', '--quiet', ...label)],
    ['networks', docker.run('network', 'ls', '--quiet', ...label)],
  ].flatMap(([kind, text]) => (text ? [`${kind} left: ${text.split('\n').join(', ')}`] : []));
}
