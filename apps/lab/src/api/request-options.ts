import { apiErrors, isJsonObject, type DeleteOptions, type ListOptions } from '@scalelab/kube';
import type { WriteOptions } from '../store';

const truthy = new Set(['1', 't', 'T', 'true', 'TRUE', 'True']);
export const isTrue = (value: string | null): boolean => value !== null && truthy.has(value);

/** A query parameter that is a whole number; undefined when absent. @throws KubeApiError BadRequest */
export function wholeNumber(query: URLSearchParams, name: string): number | undefined {
  const text = query.get(name);
  if (text === null || text === '') return undefined;
  const number = Number(text);
  if (!Number.isInteger(number) || number < 0) {
    throw apiErrors.badRequest(`${name}: expected a whole number of 0 or more, got "${text}"`);
  }
  return number;
}

export function listOptions(
  query: URLSearchParams,
  namespace: string | undefined,
  name?: string,
): ListOptions {
  const labelSelector = query.get('labelSelector');
  const fields = [query.get('fieldSelector'), name === undefined ? null : `metadata.name=${name}`].filter(
    Boolean,
  );
  return {
    ...(namespace === undefined ? {} : { namespace }),
    ...(labelSelector ? { labelSelector } : {}),
    ...(fields.length === 0 ? {} : { fieldSelector: fields.join(',') }),
  };
}

/** `dryRun=All` and `fieldValidation`; unlike kubectl, a client that asks for no validation gets warnings only, which are not sent yet. */
export function writeOptions(query: URLSearchParams): WriteOptions {
  const validation = query.get('fieldValidation') ?? 'Warn';
  if (validation !== 'Strict' && validation !== 'Warn' && validation !== 'Ignore') {
    throw apiErrors.badRequest(`fieldValidation: "${validation}"; allowed: Strict, Warn, Ignore`);
  }
  const dryRun = query.get('dryRun');
  if (dryRun !== null && dryRun !== 'All') throw apiErrors.badRequest(`dryRun: "${dryRun}"; allowed: All`);
  return { fieldValidation: validation, ...(dryRun === 'All' ? { dryRun: true } : {}) };
}

const policies = ['Background', 'Foreground', 'Orphan'] as const;

/** DeleteOptions of the body, or of the query where the body does not say. */
export function deleteOptions(query: URLSearchParams, body: unknown): DeleteOptions & WriteOptions {
  const given = isJsonObject(body) ? body : {};
  const grace = given.gracePeriodSeconds ?? wholeNumber(query, 'gracePeriodSeconds');
  const policyText = given.propagationPolicy ?? query.get('propagationPolicy') ?? undefined;
  const policy = policies.find((name) => name === policyText);
  if (policyText !== undefined && policy === undefined) {
    throw apiErrors.badRequest(
      `propagationPolicy: ${JSON.stringify(policyText)}; allowed: ${policies.join(', ')}`,
    );
  }
  const preconditions = isJsonObject(given.preconditions) ? given.preconditions : {};
  const { uid, resourceVersion } = preconditions;
  const dryRun = Array.isArray(given.dryRun) && given.dryRun.includes('All');
  return {
    ...writeOptions(query),
    ...(dryRun ? { dryRun } : {}),
    ...(typeof grace === 'number' ? { gracePeriodSeconds: grace } : {}),
    ...(policy === undefined ? {} : { propagationPolicy: policy }),
    preconditions: {
      ...(typeof uid === 'string' ? { uid } : {}),
      ...(typeof resourceVersion === 'string' ? { resourceVersion } : {}),
    },
  };
}
