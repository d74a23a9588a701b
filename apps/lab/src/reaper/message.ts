/** What the lab tells its reaper, one JSON line each. */
export type ReaperMessage =
  /** A process group to end when the lab is gone. */
  | { readonly group: number }
  /** That group has ended by itself. */
  | { readonly gone: number }
  /** A file or folder to remove when the lab is gone. */
  | { readonly path: string }
  /** Processes whose environment holds `name=value` are the lab's, whatever group they moved to. */
  | { readonly mark: { readonly name: string; readonly value: string } };

export function parseMessage(line: string): ReaperMessage | undefined {
  try {
    const message: unknown = JSON.parse(line);
    return typeof message === 'object' && message !== null ? (message as ReaperMessage) : undefined;
  } catch {
    // The lab died in the middle of a line.
    return undefined;
  }
}
