import { nearest, validateObject, formatPath } from '@scalelab/manifests';
import type { ScalingTarget } from '../run/scaling-target';

/** One dimension of a sweep: a field and the values it takes. */
export interface Dimension {
  readonly path: string;
  readonly values: readonly string[];
}

/** One configuration of a sweep: a value by path. */
export type Choice = Readonly<Record<string, string>>;

export class SweepError extends Error {
  override readonly name = 'SweepError';
  readonly code = 'BadSweep';
}

/** `path=a,b,c`. @throws SweepError */
export function readDimension(text: string): Dimension {
  const at = text.indexOf('=');
  const values = text
    .slice(at + 1)
    .split(',')
    .map((value) => value.trim());
  if (at <= 0 || values.some((value) => value === ''))
    throw new SweepError(`must be written PATH=A,B,C, got "${text}"`);
  return { path: text.slice(0, at).trim(), values };
}

/** Every combination, the last dimension changing fastest. */
export function choicesOf(dimensions: readonly Dimension[]): readonly Choice[] {
  return dimensions.reduce<readonly Choice[]>(
    (choices, { path, values }) =>
      choices.flatMap((choice) => values.map((value) => ({ ...choice, [path]: value }))),
    [{}],
  );
}

const targetKeys: Readonly<Record<string, string>> = {
  'aws-sqs-queue': 'queueLength',
  kafka: 'lagThreshold',
  prometheus: 'threshold',
  'metrics-api': 'targetValue',
  'kubernetes-workload': 'value',
  cpu: 'value',
  memory: 'value',
  cron: 'desiredReplicas',
};
const activationKeys: Readonly<Record<string, string>> = {
  'aws-sqs-queue': 'activationQueueLength',
  kafka: 'activationLagThreshold',
  prometheus: 'activationThreshold',
  'metrics-api': 'activationTargetValue',
  'kubernetes-workload': 'activationValue',
};

/** Metadata key by which that type of trigger calls its target. */
export const targetKeyOf = (type: string): string | undefined => targetKeys[type];

/** Where in `spec` a path of a sweep leads: short forms `trigger.threshold`, `trigger[1].queueLength`, `behavior.scaleDown...`. */
function partsOf(
  target: ScalingTarget,
  path: string,
): { readonly parts: readonly (string | number)[]; readonly text: boolean } {
  const trigger = /^triggers?(?:\[(\d+)\])?\.(?:metadata\.)?(\w+)$/.exec(path);
  if (trigger && target.kind !== 'HorizontalPodAutoscaler') {
    const index = Number(trigger[1] ?? 0);
    const manifest = target.object.spec.triggers[index];
    if (!manifest)
      throw new SweepError(`${path}: there are only ${target.object.spec.triggers.length} triggers`);
    const key = trigger[2] ?? '';
    const own = { threshold: targetKeys[manifest.type], activationThreshold: activationKeys[manifest.type] };
    const metadata = manifest.metadata ?? {};
    const known = [
      ...Object.keys(metadata),
      targetKeys[manifest.type] ?? '',
      activationKeys[manifest.type] ?? '',
    ];
    const name = known.includes(key)
      ? key
      : key === 'threshold' || key === 'activationThreshold'
        ? own[key]
        : undefined;
    if (name === undefined) {
      const close = nearest(key, known);
      throw new SweepError(
        `${path}: the trigger ${manifest.type} has no "${key}"${close ? `; did you mean "${close}"?` : `; it has ${known.filter(Boolean).join(', ')}`}`,
      );
    }
    return { parts: ['triggers', index, 'metadata', name], text: true };
  }
  const words = path.replace(/^spec\./, '').split('.');
  const isKeda = target.kind === 'ScaledObject';
  const parts =
    words[0] === 'behavior' && isKeda ? ['advanced', 'horizontalPodAutoscalerConfig', ...words] : words;
  return {
    parts: parts.flatMap((part) =>
      part
        .split(/[[\]]/)
        .filter(Boolean)
        .map((p) => (/^\d+$/.test(p) ? Number(p) : p)),
    ),
    text: false,
  };
}

function withValue(node: unknown, parts: readonly (string | number)[], value: unknown): unknown {
  const [part, ...rest] = parts;
  if (part === undefined) return value;
  if (typeof part === 'number') {
    const list = Array.isArray(node) ? [...(node as readonly unknown[])] : [];
    list[part] = withValue(list[part], rest, value);
    return list;
  }
  const map = typeof node === 'object' && node !== null ? (node as Readonly<Record<string, unknown>>) : {};
  return { ...map, [part]: withValue(map[part], rest, value) };
}

/** The target with other values. @throws SweepError naming the path: unknown field, wrong kind of value */
export function applyChoice<T extends ScalingTarget>(target: T, choice: Choice): T {
  let { object } = target as ScalingTarget;
  for (const [path, text] of Object.entries(choice)) {
    const { parts, text: isText } = partsOf(target, path);
    const value = isText || !/^-?\d+(\.\d+)?$/.test(text) ? text : Number(text);
    object = withValue(object, ['spec', ...parts], value) as typeof object;
  }
  const [issue] = validateObject(object);
  if (issue) {
    const where = formatPath(issue.path).replace(/^spec\./, '');
    throw new SweepError(
      `${Object.entries(choice)
        .map(([key, value]) => `${key}=${value}`)
        .join(' ')}: ${where}: ${issue.message}`,
    );
  }
  return { ...target, object };
}
