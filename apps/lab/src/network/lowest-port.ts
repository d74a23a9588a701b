import { readFileSync } from 'node:fs';

const capabilityNetBindService = 1n << 10n;

/** The lowest TCP port that this process may bind on an address of its own: 0 when all. */
export function lowestBindablePort(): number {
  if (process.geteuid?.() === 0) return 0;
  try {
    const capabilities = /^CapEff:\s*([0-9a-f]+)$/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[1];
    if (capabilities !== undefined && (BigInt(`0x${capabilities}`) & capabilityNetBindService) !== 0n)
      return 0;
    return Number(readFileSync('/proc/sys/net/ipv4/ip_unprivileged_port_start', 'utf8'));
  } catch {
    return 1024;
  }
}
