import { parseQuantity, toNumber } from '../quantity/quantity';
import { type ExistingObject } from './admission';
import { targetKindText } from './scale-target';
import { type ScaledObject, type ScaleTargetGvkr } from './scaled-object';
import { isResourceTrigger } from './trigger-list';

type Resources = Readonly<Record<string, string>>;
interface Container {
  readonly name: string;
  readonly resources?: { readonly requests?: Resources; readonly limits?: Resources };
}
interface WorkloadSpec {
  readonly template?: { readonly spec?: { readonly containers?: readonly Container[] } };
}
interface LimitRangeSpec {
  readonly limits?: readonly {
    readonly type?: string;
    readonly default?: Resources;
    readonly defaultRequest?: Resources;
  }[];
}

/** cpu and memory triggers need a request (or limit) in each container they look at, and cannot scale to zero alone. */
export function resourceRequestErrors(
  object: ScaledObject,
  target: ScaleTargetGvkr,
  near: readonly ExistingObject[],
): string | undefined {
  const triggers = object.spec.triggers.filter(isResourceTrigger);
  const kindText = targetKindText(target);
  if (triggers.length === 0 || !['apps/v1.Deployment', 'apps/v1.StatefulSet'].includes(kindText))
    return undefined;
  const { name } = object.spec.scaleTargetRef;
  const workload = near.find((other) => other.kind === target.kind && other.metadata.name === name);
  if (!workload) return `${target.resource}.${target.group} "${name}" not found`;
  const containers = (workload.spec as WorkloadSpec | undefined)?.template?.spec?.containers ?? [];
  const alone = object.spec.triggers.every(isResourceTrigger) && (object.spec.minReplicaCount ?? 0) === 0;
  for (const { type, metadata } of triggers) {
    const only = metadata?.containerName ?? '';
    const bare = containers.find(
      (container) =>
        (only === '' || container.name === only) && !hasResource(container, type) && !hasDefault(near, type),
    );
    if (bare) {
      return `the scaledobject has a ${type} trigger but the container ${bare.name} doesn't have the ${type} request defined`;
    }
    if (alone) {
      return "scaledobject has only cpu/memory triggers AND minReplica is 0 (scale to zero doesn't work in this case)";
    }
  }
  return undefined;
}

const isPositive = (quantity: string | undefined): boolean =>
  quantity !== undefined && toNumber(parseQuantity(String(quantity), 'resources')) > 0;

const hasResource = ({ resources }: Container, type: string): boolean =>
  isPositive(resources?.requests?.[type]) || isPositive(resources?.limits?.[type]);

/** A LimitRange of the namespace gives containers a default. */
const hasDefault = (near: readonly ExistingObject[], type: string): boolean =>
  near
    .filter((other) => other.kind === 'LimitRange')
    .flatMap((range) => (range.spec as LimitRangeSpec | undefined)?.limits ?? [])
    .some(
      (item) =>
        item.type === 'Container' &&
        (isPositive(item.default?.[type]) || isPositive(item.defaultRequest?.[type])),
    );
