import { type TriggerMetricSpec } from '../trigger/metric-spec';
import { excludedLabelsAnnotation, pausedReplicas, pausesScaleIn, pausesScaleOut } from './annotations';
import { type HpaManifest } from './hpa-manifest';
import { wantedHpaName } from './hpa-name';
import { hpaMaxReplicas, hpaMinReplicas } from './replica-bounds';
import { targetApiVersion } from './scale-target';
import { type HpaBehavior, type ScaledObject, type ScaleTargetGvkr } from './scaled-object';

/** Version of KEDA whose rules these are; stands in a label of every HPA. */
export const kedaVersion = '2.19.0';

const longestLabel = 63;

/** The HPA of a ScaledObject, or why there can be none. `metrics` are those of `hpaMetrics`. */
export function buildHpa(
  object: ScaledObject,
  target: ScaleTargetGvkr,
  metrics: readonly TriggerMetricSpec[],
): HpaManifest | { readonly error: string } {
  const paused = pausedReplicas(object);
  if (typeof paused === 'object') return paused;
  const held = paused === 0 ? 1 : paused;
  const behavior = behaviorOf(object);
  const { metadata, spec } = object;
  return {
    apiVersion: 'autoscaling/v2',
    kind: 'HorizontalPodAutoscaler',
    metadata: {
      name: wantedHpaName(object),
      namespace: metadata.namespace ?? 'default',
      labels: labelsOf(object),
      ...(hasAny(metadata.annotations) ? { annotations: metadata.annotations ?? {} } : {}),
      ownerReferences: [
        {
          apiVersion: object.apiVersion ?? 'keda.sh/v1alpha1',
          kind: object.kind ?? 'ScaledObject',
          name: metadata.name,
          uid: metadata.uid ?? '',
          controller: true,
          blockOwnerDeletion: true,
        },
      ],
    },
    spec: {
      scaleTargetRef: {
        apiVersion: targetApiVersion(target),
        kind: target.kind,
        name: spec.scaleTargetRef.name,
      },
      minReplicas: held ?? hpaMinReplicas(spec),
      maxReplicas: held ?? hpaMaxReplicas(spec),
      ...(metrics.length > 0 ? { metrics } : {}),
      ...(behavior ? { behavior } : {}),
    },
  };
}

const hasAny = (fields: Readonly<Record<string, string>> | undefined): boolean =>
  Object.keys(fields ?? {}).length > 0;

/** The spec's behavior as it is, with a direction disabled while it is paused. None stays none. */
function behaviorOf(object: ScaledObject): HpaBehavior | undefined {
  const given = object.spec.advanced?.horizontalPodAutoscalerConfig?.behavior;
  const selectPolicy = 'Disabled';
  const withIn = pausesScaleIn(object)
    ? { ...given, scaleDown: { ...given?.scaleDown, selectPolicy } }
    : given;
  return pausesScaleOut(object) ? { ...withIn, scaleUp: { ...withIn?.scaleUp, selectPolicy } } : withIn;
}

function labelsOf({ metadata, ...object }: ScaledObject): Readonly<Record<string, string>> {
  const excluded = (metadata.annotations?.[excludedLabelsAnnotation] ?? '').split(',');
  const own = Object.entries(metadata.labels ?? {}).filter(([key]) => !excluded.includes(key));
  return {
    'app.kubernetes.io/name': labelOf(wantedHpaName({ metadata, ...object })),
    'app.kubernetes.io/version': kedaVersion,
    'app.kubernetes.io/part-of': metadata.name,
    'app.kubernetes.io/managed-by': 'keda-operator',
    ...Object.fromEntries(own),
  };
}

const labelOf = (name: string): string =>
  name.length <= longestLabel ? name : name.slice(0, longestLabel).replace(/[^\p{L}\p{N}]+$/u, '');
