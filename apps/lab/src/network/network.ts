import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { AddressBook } from './address-book';
import { AddressPool } from './address-pool';
import { claimInstance, hasLoopbackRange, type InstanceClaim } from './instance';
import { lowestBindablePort } from './lowest-port';
import { NameBook } from './name-book';
import { podNetworkVariable, type PodNetwork } from './pod-network';

export interface NetworkOptions {
  /** The lab's run folder; the books live in `<runDir>/net`. */
  readonly runDir: string;
  /** `range`: pods and Services listen on addresses of their own. `single`: only 127.0.0.1 exists and every port is mapped. Default: what this machine can. */
  readonly addresses?: 'auto' | 'range' | 'single';
  /** The lowest port to bind directly; lower ones are mapped. Default: what this user may. */
  readonly lowestPort?: number;
  /** Exactly this instance number (0..63), which picks 127.(64+n).0.0/16. Default: the lowest free one. */
  readonly instance?: number;
}

export interface PodIdentity {
  readonly uid: string;
  readonly namespace: string;
  readonly hostname: string;
  /** Real ports set aside for a program that is told its port: Node programs bind them as they are. */
  readonly reserved?: readonly number[];
}

/** Addresses and names of one lab: pods in the lower half of its /16, Services in the upper half. */
export class Network {
  private readonly pods: AddressPool;
  private readonly services: AddressPool;

  private constructor(
    readonly book: AddressBook,
    readonly names: NameBook,
    private readonly namesDirectory: string,
    private readonly claim: InstanceClaim,
  ) {
    this.pods = new AddressPool(claim.prefix, 0, 127);
    this.services = new AddressPool(claim.prefix, 128, 254);
  }

  /** @throws Error when no instance number is free */
  static async open(options: NetworkOptions): Promise<Network> {
    const range =
      options.addresses === 'range' || (options.addresses !== 'single' && (await hasLoopbackRange()));
    const claim = await claimInstance(range, options.instance);
    const directory = join(options.runDir, 'net', 'addresses');
    const namesDirectory = join(options.runDir, 'net', 'names');
    for (const folder of [directory, namesDirectory]) mkdirSync(folder, { recursive: true });
    const lowestPort = options.lowestPort ?? lowestBindablePort();
    const book = new AddressBook({ directory, prefix: claim.prefix, range, lowestPort });
    return new Network(book, new NameBook(namesDirectory), namesDirectory, claim);
  }

  get instance(): number {
    return this.claim.instance;
  }

  /** `127.64.0.0/16` */
  get cidr(): string {
    return `${this.claim.prefix}0.0/16`;
  }

  /** Where the books are, for other processes. */
  get place(): Pick<PodNetwork, 'plan' | 'names'> {
    return { plan: this.book.plan, names: this.namesDirectory };
  }

  podAddress(uid: string): string {
    return this.pods.take(uid);
  }

  releasePod(uid: string): void {
    const address = this.pods.release(uid);
    if (address !== undefined) this.book.leaveAll(address);
  }

  /** The address of a Service, `key` = `namespace/name`: the same until released. */
  serviceAddress(key: string): string {
    return this.services.take(key);
  }

  /** A Service that asks for an address of its own choice, or had one before. */
  holdServiceAddress(key: string, address: string): void {
    this.services.hold(key, address);
  }

  releaseService(key: string): void {
    const address = this.services.release(key);
    if (address !== undefined) this.book.leaveAll(address);
  }

  /** What a pod's processes must have in their environment for the preload to work. */
  podEnvironment(pod: PodIdentity): Record<string, string> {
    const network: PodNetwork = {
      ...this.place,
      address: this.podAddress(pod.uid),
      namespace: pod.namespace,
      hostname: pod.hostname,
      reserved: pod.reserved ?? [],
    };
    return { [podNetworkVariable]: JSON.stringify(network) };
  }

  close(): Promise<void> {
    return this.claim.release();
  }
}
