import { AppError } from '@scalelab/errors';

/** Environments whose logs can be downloaded. */
export const environments = ['development', 'staging', 'production'] as const;
export type Environment = (typeof environments)[number];

/** @throws AppError BadRequest for anything that is not the name of one environment */
export function parseEnvironment(given: unknown): Environment {
  const environment = environments.find((name) => name === given);
  if (environment !== undefined) return environment;
  const kind = given === undefined ? 'nothing' : typeof given === 'string' ? 'text' : 'more than one value';
  throw new AppError('BadRequest', 'Invalid environment', {
    fields: [{ field: 'env', detail: `given ${kind}, allowed: one of ${environments.join(', ')}` }],
  });
}
