// sqs-worker's own benches (apps/sqs-worker/bench) as rows of the table.
import { measuredRow, pairedRatios } from './row.mjs';

export async function benchSqsWorker() {
  process.env.ROUNDS ??= '3';
  process.env.MESSAGES ??= '3000';
  const { benchIntake } = await import('../../apps/sqs-worker/bench/intake.mjs');
  const { benchWorker } = await import('../../apps/sqs-worker/bench/worker.mjs');
  const intake = await benchIntake();
  if (intake.refused > 0) throw new Error(`intake: ${intake.refused} messages were refused`);
  const worker = await benchWorker();
  const ours = worker.rows.at(-1);
  const against = (row, id, what) =>
    measuredRow({
      id,
      what,
      reach: { atLeast: worker.reach },
      unit: 'x',
      rounds: pairedRatios(ours.rounds, row.rounds),
      how: `${worker.what}; the middle eight tenths are timed; every id is looked for in the table afterwards`,
      detail: {
        'sqs-worker messages/s': ours.perSecond,
        'peer messages/s': row.perSecond,
        'sqs-worker CPU us/message': ours.consumerCpuUs,
        'peer CPU us/message': row.consumerCpuUs,
      },
    });
  return [
    measuredRow({
      id: 'process-message',
      what: 'POST /process_message against one SendMessage a request',
      reach: { atLeast: intake.reach },
      unit: 'x',
      rounds: pairedRatios(intake.rounds.grouped, intake.rounds.single),
      how: `${intake.what}, each against an emulator of its own, rounds in turn`,
      detail: {
        'sqs-worker-api messages/s': intake.grouped,
        'peer messages/s': intake.single,
        'sqs-worker-api + emulator CPU us/message': intake.cpuUs.grouped,
        'peer + emulator CPU us/message': intake.cpuUs.single,
      },
    }),
    against(
      worker.rows[0],
      'worker-against-sqs-consumer',
      'sqs-worker against sqs-consumer (its default way)',
    ),
    against(
      worker.rows[1],
      'worker-against-sqs-consumer-batch',
      'sqs-worker against sqs-consumer (batch handler)',
    ),
  ];
}
