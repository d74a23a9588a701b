import { durationSeconds } from './duration';
import { LoadError } from './load-error';
import type { LoadPoint, LoadTrace } from './load-trace';
import { poisson, seededRandom } from './seeded-random';

type Make = (body: string, options: ReadonlyMap<string, string>) => LoadTrace;

/** How each generator is written, for help and errors. */
export const generatorForms = {
  constant: 'constant:VALUE/DURATION',
  ramp: 'ramp:FROM..TO/DURATION',
  spike: 'spike:BASE..PEAK/DURATION[,at=60s,for=60s]',
  sine: 'sine:LOW..HIGH/DURATION[,period=10m]',
  poisson: 'poisson:MEAN/DURATION[,seed=1]',
  daily: 'daily:NIGHT..DAY[/DURATION][,peak=14h,noise=0,seed=1]',
} as const;
type Generator = keyof typeof generatorForms;

const isGenerator = (name: string): name is Generator => Object.hasOwn(generatorForms, name);

/** Whether the text is meant as a generator and not as a file. */
export const namesGenerator = (text: string): boolean => isGenerator(/^(\w+):/.exec(text)?.[1] ?? '');

/** A load out of `NAME:...`. @throws LoadError that shows the right form */
export function generateLoad(text: string): LoadTrace {
  const [, name = '', rest = ''] = /^(\w+):(.*)$/s.exec(text) ?? [];
  if (!isGenerator(name))
    throw new LoadError(
      'BadGenerator',
      `"${name}" is no generator; known: ${Object.values(generatorForms).join(' ')}`,
    );
  const [body = '', ...pairs] = rest.split(',');
  const options = new Map(pairs.map((pair) => [pair.split('=')[0] ?? '', pair.split('=')[1] ?? '']));
  try {
    const allowed = [...generatorForms[name].matchAll(/(\w+)=/g)].map(([, key]) => key);
    for (const key of options.keys())
      if (!allowed.includes(key)) throw new LoadError('BadGenerator', `"${key}" is no option`);
    return generators[name](body, options);
  } catch (error) {
    if (!(error instanceof LoadError)) throw error;
    throw new LoadError(error.code, `${text}: ${error.message}; write ${generatorForms[name]}`);
  }
}

function numberOf(text: string | undefined, what: string): number {
  const value = text === undefined || text.trim() === '' ? Number.NaN : Number(text);
  if (!Number.isFinite(value) || value < 0)
    throw new LoadError('BadGenerator', `${what} must be a number of 0 or more, got "${text ?? ''}"`);
  return value;
}

function rangeOf(body: string, defaultSeconds?: number): { low: number; high: number; seconds: number } {
  const [range = '', duration] = body.split('/');
  const [low, high] = range.split('..');
  if (duration === undefined && defaultSeconds === undefined)
    throw new LoadError('BadGenerator', 'the duration is missing');
  const seconds = duration === undefined ? (defaultSeconds ?? 0) : durationSeconds(duration, 'the duration');
  return { low: numberOf(low, 'the first value'), high: numberOf(high, 'the second value'), seconds };
}

const optionSeconds = (options: ReadonlyMap<string, string>, key: string, fallback: number): number =>
  options.has(key) ? durationSeconds(options.get(key) ?? '', key) : fallback;

function every(stepSeconds: number, seconds: number, value: (t: number) => number): LoadTrace {
  const points: LoadPoint[] = [];
  for (let t = 0; t < seconds; t += stepSeconds) points.push([t, Math.round(value(t) * 1_000) / 1_000]);
  return { points, seconds };
}

const day = 86_400;

const generators: Readonly<Record<Generator, Make>> = {
  constant(body) {
    const [value, duration = ''] = body.split('/');
    return {
      points: [[0, numberOf(value, 'the value')]],
      seconds: durationSeconds(duration, 'the duration'),
    };
  },
  ramp(body) {
    const { low, high, seconds } = rangeOf(body);
    return every(1, seconds, (t) => low + ((high - low) * t) / Math.max(1, seconds - 1));
  },
  spike(body, options) {
    const { low, high, seconds } = rangeOf(body);
    const at = optionSeconds(options, 'at', 60);
    const length = optionSeconds(options, 'for', 60);
    return {
      points: [
        [0, low],
        [at, high],
        [at + length, low],
      ],
      seconds,
    };
  },
  sine(body, options) {
    const { low, high, seconds } = rangeOf(body);
    const period = optionSeconds(options, 'period', 600);
    if (period === 0) throw new LoadError('BadGenerator', 'period must be above 0');
    return every(5, seconds, (t) => low + ((high - low) * (1 - Math.cos((2 * Math.PI * t) / period))) / 2);
  },
  poisson(body, options) {
    const [mean, duration = ''] = body.split('/');
    const average = numberOf(mean, 'the mean');
    const random = seededRandom(numberOf(options.get('seed') ?? '1', 'seed'));
    return every(1, durationSeconds(duration, 'the duration'), () => poisson(average, random));
  },
  daily(body, options) {
    const { low, high, seconds } = rangeOf(body, day);
    const peak = optionSeconds(options, 'peak', 14 * 3_600);
    const noise = numberOf(options.get('noise') ?? '0', 'noise');
    const random = seededRandom(numberOf(options.get('seed') ?? '1', 'seed'));
    return every(60, seconds, (t) => {
      const wave = (1 + Math.cos((2 * Math.PI * (t - peak)) / day)) / 2;
      return Math.max(0, (low + (high - low) * wave) * (1 + noise * (2 * random() - 1)));
    });
  },
};
