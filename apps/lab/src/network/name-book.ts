import { mkdirSync, readdirSync, renameSync, rmSync, symlinkSync, existsSync } from 'node:fs';
import { join } from 'node:path';
import { readLink } from './address-book';

/** What a cluster name stands for. */
export type NameRecord =
  /** A Service's own address, or the pods' addresses of a headless one. */
  | { readonly kind: 'addresses'; readonly addresses: readonly string[] }
  /** An ExternalName Service. */
  | { readonly kind: 'alias'; readonly name: string };

/** `missing` = certainly a cluster name, and nobody has it; undefined = not a cluster name, ask the system. */
export type Resolution = NameRecord | 'missing' | undefined;

const suffixes = ['.svc.cluster.local', '.svc'];

/**
 * Cluster DNS as a folder: a symbolic link `<namespace>/<service>` (or `<namespace>/<pod>.<service>` of a headless Service) for each
 * name. Written by the lab, read by every pod's preload with one system call.
 */
export class NameBook {
  constructor(private readonly directory: string) {}

  set(namespace: string, name: string, record: NameRecord): void {
    const folder = join(this.directory, namespace);
    mkdirSync(folder, { recursive: true });
    const temporary = join(folder, `.${name}.${process.pid}`);
    rmSync(temporary, { force: true });
    symlinkSync(record.kind === 'alias' ? `=${record.name}` : `,${record.addresses.join(',')}`, temporary);
    renameSync(temporary, join(folder, name));
  }

  delete(namespace: string, name: string): void {
    rmSync(join(this.directory, namespace, name), { force: true });
  }

  names(namespace: string): string[] {
    try {
      return readdirSync(join(this.directory, namespace)).filter((name) => !name.startsWith('.'));
    } catch {
      return [];
    }
  }

  get(namespace: string, name: string): NameRecord | undefined {
    const text = readLink(join(this.directory, namespace, name));
    if (text === undefined) return undefined;
    if (text.startsWith('=')) return { kind: 'alias', name: text.slice(1) };
    return { kind: 'addresses', addresses: text.slice(1).split(',').filter(Boolean) };
  }

  /** Resolves a host name as a pod of `ownNamespace` would, with Kubernetes' search path. */
  resolve(hostname: string, ownNamespace: string): Resolution {
    const name = hostname.toLowerCase().replace(/\.$/, '');
    if (!/^[a-z0-9_]([-a-z0-9_.]*[a-z0-9])?$/.test(name) || name.includes('..')) return undefined;
    const suffix = suffixes.find((end) => name.endsWith(end));
    const labels = (suffix === undefined ? name : name.slice(0, -suffix.length)).split('.');
    for (const [namespace, key] of candidates(labels, ownNamespace, suffix !== undefined)) {
      const record = this.get(namespace, key);
      if (record) return record;
    }
    if (suffix !== undefined) return 'missing';
    const last = labels[labels.length - 1];
    // `name.namespace` of a namespace with Services: no such name exists outside, and asking there would only cost time.
    return labels.length > 1 && last !== undefined && existsSync(join(this.directory, last))
      ? 'missing'
      : undefined;
  }
}

function candidates(labels: readonly string[], ownNamespace: string, qualified: boolean): [string, string][] {
  const [a, b, c] = labels;
  if (a === undefined || labels.length > 3) return [];
  if (c !== undefined) return [[c, `${a}.${b}`]];
  if (b === undefined) return qualified ? [] : [[ownNamespace, a]];
  return qualified
    ? [[b, a]]
    : [
        [ownNamespace, `${a}.${b}`],
        [b, a],
      ];
}
