import { parseQuantity, signOf } from '../quantity/quantity';
import { QuantityError } from '../quantity/quantity-error';
import { defaultHpaSpec } from './defaults';
import type {
  EffectiveScalingRules,
  HpaSpec,
  MetricIdentifier,
  MetricSpec,
  MetricTarget,
  QuantityText,
} from './spec';

export interface HpaProblem {
  /** Path of the field, as in `spec.metrics[0].external.target.value`. */
  readonly field: string;
  readonly message: string;
}

export interface HpaValidation {
  /** Lets minReplicas be 0 with an Object or External metric (feature gate HPAScaleToZero). Default false. */
  readonly scaleToZero?: boolean;
}

const longestPeriodSeconds = 1800;
const longestWindowSeconds = 3600;
const sources = {
  Object: 'object',
  Pods: 'pods',
  Resource: 'resource',
  ContainerResource: 'containerResource',
  External: 'external',
} as const;

/** What the API server would refuse in this spec, after its defaulting; empty: nothing. Never throws. */
export function validateHpaSpec(
  hpa: HpaSpec,
  { scaleToZero = false }: HpaValidation = {},
): readonly HpaProblem[] {
  const problems: HpaProblem[] = [];
  const report: Report = (field, message) => void problems.push({ field: `spec.${field}`, message });
  const lowest = scaleToZero ? 0 : 1;
  const min = hpa.minReplicas ?? 1;
  const max = hpa.maxReplicas;
  if (!isInt32(min)) report('minReplicas', `must be an integer, not ${kindOf(min)}`);
  else if (min < lowest) report('minReplicas', `${min} must be at least ${lowest}`);
  if (!isInt32(max)) report('maxReplicas', `must be an integer, not ${kindOf(max)}`);
  else if (max < 1) report('maxReplicas', `${max} must be at least 1`);
  else if (max < min) report('maxReplicas', `${max} must be at least minReplicas, ${min}`);

  const metrics = hpa.metrics ?? [];
  metrics.forEach((metric, i) => validateMetric(metric, `metrics[${i}]`, report));
  if (min === 0 && !metrics.some((m) => m.type === 'Object' || m.type === 'External'))
    report('metrics', 'needs an Object or External metric for minReplicas 0');
  validateBehavior(hpa, report);
  return problems;
}

type Report = (field: string, message: string) => void;

function validateMetric(metric: MetricSpec, path: string, report: Report): void {
  const expected = sources[metric.type] as string | undefined;
  if (expected === undefined) {
    report(`${path}.type`, `${kindOf(metric.type)} is not one of ${Object.keys(sources).join(', ')}`);
    return;
  }
  for (const source of Object.values(sources))
    if (source !== expected && source in metric)
      report(`${path}.${source}`, `must not be set beside type ${metric.type}, which goes by ${expected}`);
  if (!(expected in metric)) {
    report(`${path}.${expected}`, `is required for type ${metric.type}`);
    return;
  }
  validateSource(metric, `${path}.${expected}`, report);
}

function validateSource(metric: MetricSpec, path: string, report: Report): void {
  switch (metric.type) {
    case 'Resource':
    case 'ContainerResource': {
      const source = metric.type === 'Resource' ? metric.resource : metric.containerResource;
      requireName(source.name, `${path}.name`, report);
      if (metric.type === 'ContainerResource')
        requireName(metric.containerResource.container, `${path}.container`, report);
      return validateTarget(
        source.target,
        `${path}.target`,
        ['averageUtilization', 'averageValue'],
        true,
        report,
      );
    }
    case 'Pods':
      validateIdentifier(metric.pods.metric, path, report);
      return validateTarget(metric.pods.target, `${path}.target`, ['averageValue'], false, report);
    case 'Object': {
      const { describedObject } = metric.object;
      requireName(describedObject?.kind, `${path}.describedObject.kind`, report);
      requireName(describedObject?.name, `${path}.describedObject.name`, report);
      validateIdentifier(metric.object.metric, path, report);
      return validateTarget(metric.object.target, `${path}.target`, ['value', 'averageValue'], false, report);
    }
    case 'External':
      validateIdentifier(metric.external.metric, path, report);
      return validateTarget(
        metric.external.target,
        `${path}.target`,
        ['value', 'averageValue'],
        true,
        report,
      );
  }
}

function validateIdentifier(metric: MetricIdentifier | undefined, path: string, report: Report): void {
  const name = metric?.name;
  requireName(name, `${path}.metric.name`, report);
  if (name === '.' || name === '..' || /[/%]/.test(name ?? ''))
    report(`${path}.metric.name`, `${JSON.stringify(name)} must not be "." or ".." nor contain "/" or "%"`);
}

function requireName(name: string | undefined, path: string, report: Report): void {
  if (name === undefined || name === '') report(path, 'is required');
}

type TargetField = 'value' | 'averageValue' | 'averageUtilization';

/** `allowed`: the fields that the source goes by; `exclusive`: only one of them may be set. */
function validateTarget(
  target: MetricTarget | undefined,
  path: string,
  allowed: readonly TargetField[],
  exclusive: boolean,
  report: Report,
): void {
  if (target === undefined) return report(path, 'is required');
  const types = ['Utilization', 'Value', 'AverageValue'];
  if (!types.includes(target.type))
    report(`${path}.type`, `${kindOf(target.type)} is not one of ${types.join(', ')}`);
  requirePositive(target.value, `${path}.value`, report);
  requirePositive(target.averageValue, `${path}.averageValue`, report);
  const percent = target.averageUtilization;
  if (percent !== undefined && (!isInt32(percent) || percent < 1))
    report(`${path}.averageUtilization`, `${kindOf(percent)} must be a whole percentage of at least 1`);
  const given = allowed.filter((field) => target[field] !== undefined);
  if (given.length === 0) report(path, `needs ${allowed.join(' or ')}`);
  if (exclusive && given.length > 1) report(path, `must have only one of ${given.join(' and ')}`);
}

function requirePositive(text: QuantityText | undefined, path: string, report: Report): void {
  const sign = signOfText(text, path, report);
  if (sign !== undefined && sign !== 1) report(path, `${JSON.stringify(text)} must be above 0`);
}

function signOfText(text: QuantityText | undefined, path: string, report: Report): -1 | 0 | 1 | undefined {
  if (text === undefined) return undefined;
  try {
    return signOf(parseQuantity(String(text), path));
  } catch (error) {
    if (!(error instanceof QuantityError)) throw error;
    report(path, error.message.slice(path.length + 2));
    return undefined;
  }
}

function validateBehavior(hpa: HpaSpec, report: Report): void {
  const tolerances = [
    [hpa.behavior?.scaleUp?.tolerance, 'behavior.scaleUp'],
    [hpa.behavior?.scaleDown?.tolerance, 'behavior.scaleDown'],
  ] as const;
  for (const [tolerance, path] of tolerances)
    if (signOfText(tolerance ?? undefined, `${path}.tolerance`, report) === -1)
      report(`${path}.tolerance`, `${JSON.stringify(tolerance)} must not be below 0`);
  if (hpa.behavior == null) return;
  // Tolerances were looked at above: defaulting would throw on a bad one.
  const { scaleUp, scaleDown } = hpa.behavior;
  const behavior = defaultHpaSpec({
    maxReplicas: 1,
    behavior: { scaleUp: { ...scaleUp, tolerance: null }, scaleDown: { ...scaleDown, tolerance: null } },
  }).behavior;
  if (behavior === null) return;
  validateRules(behavior.scaleUp, 'behavior.scaleUp', report);
  validateRules(behavior.scaleDown, 'behavior.scaleDown', report);
}

function validateRules(rules: EffectiveScalingRules, path: string, report: Report): void {
  const window = rules.stabilizationWindowSeconds;
  if (window !== undefined && !isWhole(window, 0, longestWindowSeconds))
    report(
      `${path}.stabilizationWindowSeconds`,
      `${kindOf(window)} must be whole seconds from 0 to ${longestWindowSeconds}`,
    );
  const choices = ['Max', 'Min', 'Disabled'];
  if (!choices.includes(rules.selectPolicy))
    report(`${path}.selectPolicy`, `${kindOf(rules.selectPolicy)} is not one of ${choices.join(', ')}`);
  if (rules.policies.length === 0) report(`${path}.policies`, 'needs at least one policy');
  rules.policies.forEach(({ type, value, periodSeconds }, i) => {
    const policy = `${path}.policies[${i}]`;
    if (type !== 'Pods' && type !== 'Percent')
      report(`${policy}.type`, `${kindOf(type)} is not one of Pods, Percent`);
    if (!isWhole(value, 1, 2147483647))
      report(`${policy}.value`, `${kindOf(value)} must be a whole number of at least 1`);
    if (!isWhole(periodSeconds, 1, longestPeriodSeconds))
      report(
        `${policy}.periodSeconds`,
        `${kindOf(periodSeconds)} must be whole seconds from 1 to ${longestPeriodSeconds}`,
      );
  });
}

function isInt32(value: unknown): value is number {
  return isWhole(value, -2147483648, 2147483647);
}

function isWhole(value: unknown, lowest: number, highest: number): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value >= lowest && value <= highest;
}

function kindOf(value: unknown): string {
  return typeof value === 'number' || typeof value === 'string'
    ? JSON.stringify(value)
    : `a ${value === null ? 'null' : typeof value}`;
}
