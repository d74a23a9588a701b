/** The points that no other is better than in one respect and at least as good in the other, by rising cost. */
export function paretoFront<P>(
  points: readonly P[],
  cost: (point: P) => number,
  delay: (point: P) => number,
): readonly P[] {
  const sorted = [...points].sort((a, b) => cost(a) - cost(b) || delay(a) - delay(b));
  const front: P[] = [];
  for (const point of sorted) {
    const last = front.at(-1);
    if (last === undefined || delay(point) < delay(last)) front.push(point);
  }
  return front;
}
