import type { Check } from './subject';

const tolerance = 0.1;

export const cronInDeadBand: Check = {
  code: 'cron-in-dead-band',
  level: 'warning',
  title: 'a cron count within 10 % of another count',
  why: 'the HPA does nothing while the wanted count is within 10 % of the current one: 11 wanted at 10 stays 10',
  *find({ triggers, min }) {
    const crons = triggers.filter(({ type }) => type === 'cron');
    for (const cron of crons) {
      const wanted = Number(cron.metadata.desiredReplicas);
      const others = [
        ...(min > 0 ? [min] : []),
        ...crons
          .filter(({ index }) => index !== cron.index)
          .map(({ metadata }) => Number(metadata.desiredReplicas)),
      ];
      const near = others.find(
        (count) => count !== wanted && Math.abs(wanted / count - 1) <= tolerance + 1e-12,
      );
      if (near !== undefined)
        yield {
          path: ['spec', 'triggers', cron.index, 'metadata', 'desiredReplicas'],
          message: `from ${near} replicas the window's ${wanted} is inside the dead band: the count stays ${near}`,
          fix: `want at least ${Math.floor(near * 1.1) + 1}, or at most ${Math.ceil(near * 0.9) - 1}`,
        };
    }
  },
};
