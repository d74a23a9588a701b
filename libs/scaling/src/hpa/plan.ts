import { parseMilli } from '../quantity/milli';
import type { Int64 } from '../quantity/int64';
import type { ControllerFlags } from './controller-flags';
import { defaultHpaSpec } from './defaults';
import { selectorError, selectorText } from './label-selector';
import type { HpaProfile } from './profile';
import type { EffectiveHpaSpec, HpaSpec, MetricIdentifier, MetricSpec, MetricTarget } from './spec';
import { tolerancesOf, type Tolerances } from './tolerance';

/** What the HPA scales, as messages name it. */
export interface ScaleTarget {
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
}

export type TargetKind = 'Utilization' | 'Value' | 'AverageValue' | 'none';

/** One metric of the spec, with all that does not change from sync to sync worked out. */
export interface MetricPlan {
  readonly index: number;
  readonly type: MetricSpec['type'];
  /** The kind of target the controller goes by; `none`: the source has none that it understands. */
  readonly kind: TargetKind;
  /** Metric or resource name. */
  readonly name: string;
  readonly container: string;
  /** Milli-units, or percent for Utilization. */
  readonly target: Int64;
  /** How reasons and conditions name it. */
  readonly label: string;
  readonly selector: string;
  readonly selectorError?: string;
  /** Object metrics: the object. */
  readonly object?: { readonly kind: string; readonly name: string };
}

/** A spec, made ready to decide with. */
export interface HpaPlan {
  readonly spec: EffectiveHpaSpec;
  readonly flags: ControllerFlags;
  readonly profile: HpaProfile;
  readonly scaleTarget: ScaleTarget;
  readonly tolerances: Tolerances;
  readonly metrics: readonly MetricPlan[];
  /** Messages of ScalingActive=True by metric; made once, so that a sync builds no long strings. */
  readonly foundMessages: readonly string[];
}

export const foundMessage = 'the HPA was able to successfully calculate a replica count from ';

/** Works out a plan. Throws QuantityError naming the field where a target is not a quantity. */
export function planOf(
  hpa: HpaSpec,
  flags: ControllerFlags,
  profile: HpaProfile,
  scaleTarget: ScaleTarget,
): HpaPlan {
  const spec = defaultHpaSpec(hpa);
  const metrics = spec.metrics.map(metricPlan);
  return {
    spec,
    flags,
    profile,
    scaleTarget,
    tolerances: tolerancesOf(spec.behavior, flags, profile),
    metrics,
    foundMessages: metrics.map(({ label }) => `${foundMessage}${label}`),
  };
}

function metricPlan(spec: MetricSpec, index: number): MetricPlan {
  const path = `spec.metrics[${index}]`;
  switch (spec.type) {
    case 'Resource': {
      const { name, target } = spec.resource;
      return {
        ...resourcePlan(name, target, `${path}.resource`, 'resource'),
        index,
        type: spec.type,
        container: '',
      };
    }
    case 'ContainerResource': {
      const { name, container, target } = spec.containerResource;
      const plan = resourcePlan(name, target, `${path}.containerResource`, 'container resource');
      return { ...plan, index, type: spec.type, container };
    }
    case 'Pods': {
      const { metric, target } = spec.pods;
      const named = identified(metric, index, `pods metric ${metric.name}`);
      return { ...named, type: spec.type, ...quantityTarget(target, 'AverageValue', `${path}.pods`) };
    }
    case 'Object': {
      const { describedObject, metric, target } = spec.object;
      // Only the field that the type names counts here; the other kinds of source look at the fields alone.
      const kind = target.type === 'Value' || target.type === 'AverageValue' ? target.type : 'none';
      const label =
        kind === 'Value'
          ? `${describedObject.kind} metric ${metric.name}`
          : `external metric ${metric.name}(${selectorText(metric.selector)})`;
      return {
        ...identified(metric, index, label),
        type: spec.type,
        object: { kind: describedObject.kind, name: describedObject.name },
        ...quantityTarget(target, kind, `${path}.object`),
      };
    }
    case 'External': {
      const { metric, target } = spec.external;
      const kind = target.averageValue === undefined ? 'Value' : 'AverageValue';
      const named = identified(
        metric,
        index,
        `external metric ${metric.name}(${selectorText(metric.selector)})`,
      );
      return { ...named, type: spec.type, ...quantityTarget(target, kind, `${path}.external`) };
    }
  }
}

function identified(metric: MetricIdentifier, index: number, label: string) {
  const error = selectorError(metric.selector);
  return {
    index,
    name: metric.name,
    container: '',
    label,
    selector: selectorText(metric.selector),
    ...(error === undefined ? {} : { selectorError: error }),
  };
}

function resourcePlan(name: string, target: MetricTarget, path: string, noun: string) {
  const base = { name, selector: 'nil' };
  if (target.averageValue !== undefined)
    return { ...base, label: `${name} resource`, ...quantityTarget(target, 'AverageValue', path) };
  const label = `${name} ${noun} utilization (percentage of request)`;
  if (target.averageUtilization === undefined) return { ...base, label, kind: 'none' as const, target: 0 };
  return { ...base, label, kind: 'Utilization' as const, target: target.averageUtilization };
}

function quantityTarget(
  target: MetricTarget,
  kind: TargetKind,
  path: string,
): { kind: TargetKind; target: Int64 } {
  const field = kind === 'Value' ? 'value' : 'averageValue';
  const text = target[field];
  if (kind === 'none' || text === undefined) return { kind: 'none', target: 0 };
  return { kind, target: parseMilli(String(text), `${path}.target.${field}`) };
}
