import { AppError, type FieldError } from '@scalelab/errors';

/** What one request asks of the service, from its query. */
export interface Demand {
  /** Milliseconds to wait. */
  readonly delayMs: number;
  /** Milliseconds of CPU to burn. */
  readonly cpuMs: number;
  /** Status to answer with. */
  readonly status: number;
}

const bounds = {
  delay: { min: 0, max: 60_000, unit: 'an integer of milliseconds' },
  cpu: { min: 0, max: 60_000, unit: 'an integer of milliseconds' },
  status: { min: 200, max: 599, unit: 'an HTTP status' },
} as const;

type Parameter = keyof typeof bounds;

export const noDemand: Demand = { delayMs: 0, cpuMs: 0, status: 200 };

/** @throws AppError BadRequest that names every parameter that is wrong, unknown or given twice */
export function parseDemand(query: string): Demand {
  if (query === '') return noDemand;
  const wrong: FieldError[] = [];
  const given: Partial<Record<Parameter, number>> = {};
  for (const [field, value] of new URLSearchParams(query)) {
    if (!isParameter(field)) {
      wrong.push({ field, detail: `no such parameter, allowed: ${Object.keys(bounds).join(', ')}` });
      continue;
    }
    const { min, max, unit } = bounds[field];
    const number = /^\d{1,6}$/.test(value) ? Number(value) : Number.NaN;
    if (given[field] !== undefined) wrong.push({ field, detail: 'given more than once, allowed: once' });
    else if (number >= min && number <= max) given[field] = number;
    else wrong.push({ field, detail: `given ${kindOf(value)}, allowed: ${unit} from ${min} to ${max}` });
  }
  if (wrong.length > 0) {
    const words = wrong.map(({ field, detail }) => `${field}: ${detail}`).join('; ');
    throw new AppError('BadRequest', words, { fields: wrong });
  }
  return { delayMs: given.delay ?? 0, cpuMs: given.cpu ?? 0, status: given.status ?? 200 };
}

function isParameter(name: string): name is Parameter {
  return Object.hasOwn(bounds, name);
}

function kindOf(value: string): string {
  if (value === '') return 'nothing';
  if (/^\d+$/.test(value)) return 'an integer out of range';
  if (/^-\d+$/.test(value)) return 'a negative integer';
  if (/^-?\d*\.\d+$/.test(value)) return 'a fraction';
  return 'text';
}
