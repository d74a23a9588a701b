import type { ExpectationLine, MessagesLine } from '@scalelab/recording';
import { Ledger } from '@scalelab/testing';
import type { Evidence, Observation, Tested } from './evidence';
import { rederive } from './rederive';

export interface Verdict {
  readonly expectations: readonly Omit<ExpectationLine, 't'>[];
  readonly messages: Omit<MessagesLine, 't'> | null;
  /** Number of the plan's expectations that were put to the test. */
  readonly tested: number;
  readonly ok: boolean;
}

/** Judges one workload: each expectation against what the API showed and against what the core decides on the recorded inputs. */
export function judge(evidence: Evidence): Verdict {
  const expectations = [
    ...evidence.tested.flatMap((tested) => replicaChecks(evidence, tested)),
    ...requestChecks(evidence),
  ].map((check) => ({ kind: 'expectation' as const, workload: evidence.workload, ...check }));
  const messages = messageCheck(evidence);
  const ok =
    expectations.every(({ held }) => held) &&
    (messages === null || (messages.lost === 0 && messages.duplicates === 0));
  return { expectations, messages, tested: evidence.tested.length, ok };
}

type Check = Pick<ExpectationLine, 'phase' | 'expected' | 'observed' | 'held'>;

function replicaChecks(evidence: Evidence, tested: Tested): Check[] {
  const { phase, because, kind, replicas } = tested.expectation;
  const seen = during(evidence.observations, tested);
  const found = picked(
    kind,
    seen.map((one) => one.replicas),
    replicas,
  );
  const checks: Check[] = [
    {
      phase,
      expected: `${words[kind]} ${replicas} (${because})`,
      observed: seen.length === 0 ? 'nothing was seen' : `${found} replicas`,
      held: found === replicas,
    },
  ];
  const decided = rederive(evidence.header, evidence.lines, tested.fromT, tested.toT);
  const again = picked(kind, decided, replicas);
  checks.push({
    phase,
    expected: `${words[kind]} ${replicas}, decided again from the recorded inputs`,
    observed: decided.length === 0 ? 'no decision was recorded' : `${again} replicas`,
    held: again === replicas,
  });
  return checks;
}

const words = { stays: 'stays at', reaches: 'reaches', returns: 'returns to' } as const;

/** Observations within the stretch, and the one that held when it began. */
function during(observations: readonly Observation[], { fromT, toT }: Tested): readonly Observation[] {
  const before = observations.filter(({ t }) => t < fromT).at(-1);
  const within = observations.filter(({ t }) => t >= fromT && t <= toT);
  return before ? [before, ...within] : within;
}

/** The count that tells: for `stays` the first that differs, for `reaches` the highest, for `returns` the last. */
function picked(
  kind: Tested['expectation']['kind'],
  counts: readonly number[],
  expected: number,
): number | undefined {
  if (kind === 'stays') return counts.find((count) => count !== expected) ?? counts[0];
  if (kind === 'reaches') return counts.length === 0 ? undefined : Math.max(...counts);
  return counts.at(-1);
}

function requestChecks({ requests }: Evidence): Check[] {
  if (!requests) return [];
  const failures = Object.entries(requests.failures).map(([what, count]) => `${count} x ${what}`);
  return [
    {
      phase: 'out',
      expected: `all ${requests.sent} requests answered with 200, from zero replicas`,
      observed: `${requests.answered} answered${failures.length > 0 ? `, ${failures.join(', ')}` : ''}`,
      held: requests.sent > 0 && requests.answered === requests.sent,
    },
  ];
}

function messageCheck({ workload, messages }: Evidence): Verdict['messages'] {
  if (!messages) return null;
  const ledger = new Ledger();
  ledger.sent(...messages.sentIds);
  const { sent, stored, lost, duplicates } = ledger.count(messages.storedIds);
  return { kind: 'messages', workload, sent, stored, lost, duplicates };
}
