import type { TriggerContext } from '@scalelab/scaling';

const secretName = /pass|secret|token|key|credential/i;
const mask = '***';

/** What a replay needs of a trigger's context: names of all parameters, values of none that may be secret. */
export function withoutSecrets(
  context: TriggerContext,
  metadata: Readonly<Record<string, string>>,
): TriggerContext {
  const { authParams, env, ...rest } = context;
  const named = Object.entries(metadata).filter(([key]) => key.endsWith('FromEnv'));
  const kept = named.flatMap(([key, name]) => {
    const value = env?.[name];
    return value === undefined ? [] : [[name, secretName.test(key) ? mask : value] as const];
  });
  return {
    ...rest,
    ...(authParams && {
      authParams: Object.fromEntries(Object.keys(authParams).map((name) => [name, mask])),
    }),
    ...(kept.length > 0 && { env: Object.fromEntries(kept) }),
  };
}
