// A program for tests of what `main` and `run` promise; it is run as a process of its own.
import { setTimeout as sleep } from 'node:timers/promises';
import { describeConfig, int, loadConfig, oneOf, secret, settings } from '@scalelab/config';
import { createLogger } from '@scalelab/logging';
import { createMetrics } from '@scalelab/metrics';
import { createApp, createHealth, main, run, serviceSettings, textReply } from '../../index';

const schema = settings({
  ...serviceSettings({ port: 0 }),
  KEY: secret(),
  WAIT_MS: int({ default: 0 }),
  BREAK: oneOf(['nothing', 'start', 'later', 'rejection', 'phase', 'hang'], { default: 'nothing' }),
});

void main('demo', () => {
  const config = loadConfig(schema, process.env);
  if (config.BREAK === 'start') throw new TypeError('broken at start');
  const logger = createLogger({ name: 'demo', level: config.LOG_LEVEL });
  const app = createApp({
    logger,
    metrics: createMetrics({ service: 'demo' }),
    health: createHealth(),
    hot: {
      '/': async () => {
        logger.info('request began');
        await sleep(config.WAIT_MS);
        return textReply('done');
      },
      '/break': () => {
        setImmediate(() => {
          if (config.BREAK === 'rejection') void Promise.reject(new Error('nobody caught this'));
          else throw new Error('nobody caught this');
        });
        return textReply('soon');
      },
    },
  });
  return run({
    app,
    host: config.HOST,
    port: config.PORT,
    startDelayMs: config.START_DELAY_MS,
    graceMs: config.SHUTDOWN_GRACE_MS,
    settings: describeConfig(config),
    phases: [
      {
        name: 'work',
        run: () => {
          if (config.BREAK === 'phase') throw new Error('broken phase');
          return config.BREAK === 'hang' ? new Promise(() => {}) : undefined;
        },
      },
    ],
  });
});
