import type { Pod } from '@scalelab/manifests';
import { podsToDelete } from './deletion-order';

describe('podsToDelete', () => {
  it('gives up what costs least: pending, then not ready, then cheap, then young', () => {
    const now = Date.UTC(2026, 0, 2);
    const pod = (
      name: string,
      over: {
        phase?: string;
        ready?: boolean;
        cost?: string;
        ageS?: number;
        restarts?: number;
        node?: string;
      },
    ): Pod => {
      const at = new Date(now - (over.ageS ?? 1000) * 1000).toISOString();
      return {
        apiVersion: 'v1',
        kind: 'Pod',
        metadata: {
          name,
          uid: name,
          creationTimestamp: at,
          ...(over.cost === undefined
            ? {}
            : { annotations: { 'controller.kubernetes.io/pod-deletion-cost': over.cost } }),
        },
        spec: { containers: [], nodeName: over.node ?? 'lab' },
        status: {
          phase: over.phase ?? 'Running',
          conditions: [
            { type: 'Ready', status: over.ready === false ? 'False' : 'True', lastTransitionTime: at },
          ],
          containerStatuses: [
            { name: 'c', image: 'i', imageID: '', ready: true, restartCount: over.restarts ?? 0 },
          ],
        },
      };
    };
    const inOrder = [
      pod('unassigned', { node: '', phase: 'Pending', ready: false }),
      pod('pending', { phase: 'Pending', ready: false }),
      pod('not-ready', { ready: false }),
      pod('cheap', { cost: '-5' }),
      pod('young', { ageS: 10 }),
      pod('restarted', { restarts: 3 }),
      pod('old', {}),
      pod('dear', { cost: '100' }),
    ];
    const shuffled = [5, 2, 7, 0, 6, 3, 1, 4].map((i) => inOrder[i] as Pod);
    const names = (pods: readonly Pod[]) => pods.map(({ metadata }) => metadata.name);
    for (let count = 0; count < inOrder.length; count++) {
      expect(names(podsToDelete(shuffled, count, now))).toEqual(names(inOrder.slice(0, count)));
    }
  });
});
