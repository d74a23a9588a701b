import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import type { RequestOptions } from 'node:https';
import { parse } from 'yaml';

interface NamedCluster {
  readonly name: string;
  readonly cluster: {
    readonly server: string;
    readonly 'certificate-authority-data'?: string;
    readonly 'certificate-authority'?: string;
    readonly 'insecure-skip-tls-verify'?: boolean;
    readonly 'tls-server-name'?: string;
    readonly 'proxy-url'?: string;
  };
}
interface NamedUser {
  readonly name: string;
  readonly user: {
    readonly token?: string;
    readonly tokenFile?: string;
    readonly username?: string;
    readonly password?: string;
    readonly 'client-certificate-data'?: string;
    readonly 'client-certificate'?: string;
    readonly 'client-key-data'?: string;
    readonly 'client-key'?: string;
    readonly exec?: unknown;
    readonly 'auth-provider'?: unknown;
  };
}

/** The file kubectl reads, as far as it is needed here. */
export interface Kubeconfig {
  readonly clusters?: readonly NamedCluster[];
  readonly users?: readonly NamedUser[];
  readonly contexts?: readonly {
    readonly name: string;
    readonly context: { readonly cluster: string; readonly user: string; readonly namespace?: string };
  }[];
  readonly 'current-context'?: string;
}

/** A kubeconfig that cannot be used. */
export class KubeconfigError extends Error {
  override readonly name = 'KubeconfigError';
  readonly code = 'BadKubeconfig';
}

/** Where the API is and how to prove who asks. */
export interface KubeConnection {
  readonly server: URL;
  readonly namespace: string;
  /** TLS options and authentication headers of one request; asked for each, since tokens expire. */
  requestOptions(): Promise<RequestOptions>;
}

function named<T extends { readonly name: string }>(
  list: readonly T[] | undefined,
  name: string,
  what: string,
): T {
  const found = list?.find((entry) => entry.name === name);
  if (found !== undefined) return found;
  const there = list?.map((entry) => entry.name).join(', ') || 'none';
  throw new KubeconfigError(`kubeconfig: no ${what} "${name}"; there are: ${there}`);
}

const dataOrFile = (
  data: string | undefined,
  file: string | undefined,
  folder: string,
): Buffer | undefined => {
  if (data !== undefined) return Buffer.from(data, 'base64');
  return file === undefined ? undefined : readFileSync(resolve(folder, file));
};

/**
 * The connection of a kubeconfig's context. Tokens, client certificates and passwords are read here; credential plugins and
 * proxies are left to @kubernetes/client-node, which is loaded only for them since it costs 0.5-0.9 s and 60 MB.
 * @throws KubeconfigError
 */
export function connectionFromKubeconfig(
  source: string | Kubeconfig,
  options: { readonly context?: string } = {},
): KubeConnection {
  const folder = typeof source === 'string' ? dirname(resolve(source)) : process.cwd();
  const config = typeof source === 'string' ? readKubeconfig(source) : source;
  const contextName = options.context ?? config['current-context'];
  if (contextName === undefined || contextName === '') {
    throw new KubeconfigError('kubeconfig: current-context is missing and no context was asked for');
  }
  const { context } = named(config.contexts, contextName, 'context');
  const { cluster } = named(config.clusters, context.cluster, 'cluster');
  const { user } = named(config.users, context.user, 'user');
  const server = serverUrl(cluster.server);
  const namespace = context.namespace ?? 'default';
  if (user.exec !== undefined || user['auth-provider'] !== undefined || cluster['proxy-url'] !== undefined) {
    return { server, namespace, requestOptions: pluginOptions(config, contextName, folder) };
  }
  const ca = dataOrFile(cluster['certificate-authority-data'], cluster['certificate-authority'], folder);
  const cert = dataOrFile(user['client-certificate-data'], user['client-certificate'], folder);
  const key = dataOrFile(user['client-key-data'], user['client-key'], folder);
  const tls: RequestOptions = {
    ...(ca === undefined ? {} : { ca }),
    ...(cert === undefined ? {} : { cert }),
    ...(key === undefined ? {} : { key }),
    ...(cluster['insecure-skip-tls-verify'] ? { rejectUnauthorized: false } : {}),
    ...(cluster['tls-server-name'] === undefined ? {} : { servername: cluster['tls-server-name'] }),
  };
  return {
    server,
    namespace,
    requestOptions: () => Promise.resolve({ ...tls, headers: authorization(user, folder) }),
  };
}

function authorization(user: NamedUser['user'], folder: string): Record<string, string> {
  if (user.token !== undefined) return { authorization: `Bearer ${user.token}` };
  if (user.tokenFile !== undefined) {
    return { authorization: `Bearer ${readFileSync(resolve(folder, user.tokenFile), 'utf8').trim()}` };
  }
  if (user.username === undefined) return {};
  const basic = Buffer.from(`${user.username}:${user.password ?? ''}`).toString('base64');
  return { authorization: `Basic ${basic}` };
}

function readKubeconfig(path: string): Kubeconfig {
  try {
    const parsed: unknown = parse(readFileSync(path, 'utf8'));
    if (parsed !== null && typeof parsed === 'object') return parsed;
  } catch (cause) {
    throw new KubeconfigError(`kubeconfig ${path}: ${String(cause)}`, { cause });
  }
  throw new KubeconfigError(`kubeconfig ${path}: expected a mapping with clusters, users and contexts`);
}

function serverUrl(text: string): URL {
  if (!URL.canParse(text) || !/^https?:$/.test(new URL(text).protocol)) {
    throw new KubeconfigError(`kubeconfig: cluster.server "${text}"; allowed: an http or https URL`);
  }
  return new URL(text);
}

function pluginOptions(
  config: Kubeconfig,
  contextName: string,
  folder: string,
): () => Promise<RequestOptions> {
  let loaded: Promise<{ applyToHTTPSOptions(options: RequestOptions): Promise<void> }> | undefined;
  const load = async () => {
    const { KubeConfig } = await import('@kubernetes/client-node');
    const kubeConfig = new KubeConfig();
    kubeConfig.loadFromString(JSON.stringify(config));
    kubeConfig.makePathsAbsolute(folder);
    kubeConfig.setCurrentContext(contextName);
    return kubeConfig;
  };
  return async () => {
    const options: RequestOptions = { headers: {} };
    await (await (loaded ??= load())).applyToHTTPSOptions(options);
    return options;
  };
}
