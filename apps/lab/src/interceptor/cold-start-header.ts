const lines = {
  cold: Buffer.from('X-KEDA-HTTP-Cold-Start: true\r\n'),
  warm: Buffer.from('X-KEDA-HTTP-Cold-Start: false\r\n'),
};

/** What the HTTP add-on adds to every answer: whether the request had to wait for a pod. */
export const coldStartHeader = (cold: boolean): Buffer => lines[cold ? 'cold' : 'warm'];
