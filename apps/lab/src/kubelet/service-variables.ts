import type { Service } from '@scalelab/manifests';
import type { RealAddress } from '../network';

/**
 * The variables by which Kubernetes tells a container of the Services of its namespace (`X_SERVICE_HOST`, `X_SERVICE_PORT`, and the
 * older `X_PORT_80_TCP_ADDR` family).
 * @param locate where a program that knows nothing of the lab's addresses reaches (address, port)
 */
export function serviceVariables(
  services: readonly Service[],
  locate: (address: string, port: number) => RealAddress | undefined,
): Record<string, string> {
  const variables: Record<string, string> = {};
  for (const service of services) {
    const { clusterIP, ports } = service.spec;
    const [first] = ports ?? [];
    if (!clusterIP || clusterIP === 'None' || !first) continue;
    const prefix = service.metadata.name.toUpperCase().replaceAll('-', '_');
    for (const port of ports ?? []) {
      const real = locate(clusterIP, port.port);
      if (!real) continue;
      const protocol = (port.protocol ?? 'TCP').toUpperCase();
      const url = `${protocol.toLowerCase()}://${real.host}:${real.port}`;
      const old = `${prefix}_PORT_${port.port}_${protocol}`;
      if (port === first) {
        variables[`${prefix}_SERVICE_HOST`] = real.host;
        variables[`${prefix}_SERVICE_PORT`] = String(real.port);
        variables[`${prefix}_PORT`] = url;
      }
      if (port.name)
        variables[`${prefix}_SERVICE_PORT_${port.name.toUpperCase().replaceAll('-', '_')}`] = String(
          real.port,
        );
      variables[old] = url;
      variables[`${old}_PROTO`] = protocol.toLowerCase();
      variables[`${old}_PORT`] = String(real.port);
      variables[`${old}_ADDR`] = real.host;
    }
  }
  return variables;
}
