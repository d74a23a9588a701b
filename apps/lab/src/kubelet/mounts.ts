/** One mounted path of a container and the folder or file that stands in for it. */
export interface Mount {
  /** As the manifest says, without a slash at the end. */
  readonly mountPath: string;
  readonly realPath: string;
}

/** Longest mount path first, so that the deepest mount wins. */
export function sortMounts(mounts: readonly Mount[]): Mount[] {
  return [...mounts].sort((a, b) => b.mountPath.length - a.mountPath.length);
}

/**
 * Rewrites a path below a mount to the folder behind it: `/logs/a.txt`, and the value of `--option=/logs/a.txt`. Everything else stays.
 * @param mounts sorted by `sortMounts`
 */
export function rewritePath(text: string, mounts: readonly Mount[]): string {
  const option = /^(--?[A-Za-z][\w.-]*=)(\/.*)$/s.exec(text);
  if (option) return `${option[1]}${rewritePath(option[2] ?? '', mounts)}`;
  for (const { mountPath, realPath } of mounts) {
    if (text === mountPath || text.startsWith(mountPath === '/' ? '/' : `${mountPath}/`)) {
      return realPath + text.slice(mountPath.length);
    }
  }
  return text;
}
