/** RFC 3339 in whole seconds, as `metav1.Time` is written. */
export function timestamp(epochMs: number): string {
  return `${new Date(epochMs).toISOString().slice(0, 19)}Z`;
}
