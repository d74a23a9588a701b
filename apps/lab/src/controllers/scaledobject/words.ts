import type { KedaTrace } from '@scalelab/scaling';
export function explainKeda(trace: KedaTrace): { sentence: string; steps: [] } {
  return {
    sentence: `${trace.executor?.from} -> ${trace.executor?.to} ${trace.executor?.rule ?? trace.note ?? ''}`,
    steps: [],
  };
}
