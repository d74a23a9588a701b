import type { HpaTrace } from './trace';
export interface HpaStep {
  readonly rule: string;
  readonly inputs: Readonly<Record<string, unknown>>;
  readonly result: unknown;
  readonly docs: string;
}
export function explainHpa(trace: HpaTrace): { steps: HpaStep[]; sentence: string } {
  return { steps: [{ rule: 'raw', inputs: { trace }, result: trace.desired, docs: '' }], sentence: '' };
}
