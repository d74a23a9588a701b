import type * as z from 'zod/v4/core';
import { safeParse } from 'zod/mini';
import { ConfigError } from './config-error';

/** A zod object whose keys are names of environment variables. */
export type ConfigSchema = z.$ZodObject;

export type Config<S extends ConfigSchema> = Readonly<z.output<S>>;

export type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Reads and checks the whole environment once. A variable set to empty text counts as not set, since that is what
 * shells and container tools make of one without a value. The result is frozen.
 * @throws ConfigError naming every wrong variable, what kind of value it has and what is allowed
 */
export function loadConfig<S extends ConfigSchema>(schema: S, env: Environment): Config<S> {
  const given: Record<string, string> = {};
  for (const key of Object.keys(schema._zod.def.shape)) {
    const value = env[key];
    if (value !== undefined && value !== '') given[key] = value;
  }
  const result = safeParse(schema, given);
  if (!result.success) {
    const fields = result.error.issues.map(({ path, message }) => {
      const field = path.map(String).join('.') || '(environment)';
      return { field, detail: `given ${kindOf(given[String(path[0])])}, allowed: ${message}` };
    });
    throw new ConfigError(fields);
  }
  // Variables that may be missing are there as undefined, so that a description of the settings can name them.
  const config: Record<string, unknown> = {};
  for (const key of Object.keys(schema._zod.def.shape)) config[key] = result.data[key];
  return deepFreeze(config) as Config<S>;
}

/** Only the kind is told: the value may be a secret. */
function kindOf(value: string | undefined): string {
  if (value === undefined) return 'nothing';
  const text = value.trim();
  if (text === '') return 'only white space';
  if (/^[+-]?\d+$/.test(text)) return text.startsWith('-') ? 'a negative integer' : 'an integer';
  if (/^[+-]?(\d+\.\d*|\.\d+)$/.test(text)) return 'a fraction';
  if (/^(true|false)$/i.test(text)) return 'a boolean';
  if (/^[a-z][a-z0-9+.-]*:\/\//i.test(text)) return 'a URL';
  return 'text';
}

function deepFreeze(value: unknown): unknown {
  const plain = Array.isArray(value) || Object.getPrototypeOf(value ?? 0) === Object.prototype;
  if (!plain) return value;
  for (const inner of Object.values(value as object)) deepFreeze(inner);
  return Object.freeze(value);
}
