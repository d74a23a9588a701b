/** Any object of JSON. */
export type JsonObject = { readonly [key: string]: unknown };

export function isJsonObject(value: unknown): value is JsonObject {
  return value !== null && typeof value === 'object' && !Array.isArray(value);
}

/** The value at a path, or undefined where the path ends early. */
export function valueAt(root: unknown, path: readonly string[]): unknown {
  let value = root;
  for (const key of path) {
    if (!isJsonObject(value)) return undefined;
    value = value[key];
  }
  return value;
}

/** A copy with another value at a path; what is not on the path is shared. `undefined` takes the last key away. */
export function withValueAt(root: JsonObject, path: readonly string[], value: unknown): JsonObject {
  const [key, ...rest] = path;
  if (key === undefined) return root;
  if (rest.length === 0) {
    if (value !== undefined) return { ...root, [key]: value };
    const { [key]: _gone, ...others } = root;
    return others;
  }
  const child = root[key];
  return { ...root, [key]: withValueAt(isJsonObject(child) ? child : {}, rest, value) };
}

/** Are two JSON values the same? The order of keys does not count, an undefined member counts as absent. */
export function sameJson(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (Array.isArray(a)) {
    return Array.isArray(b) && a.length === b.length && a.every((item, i) => sameJson(item, b[i]));
  }
  if (!isJsonObject(a) || !isJsonObject(b)) return false;
  let members = 0;
  for (const key of Object.keys(a)) {
    if (a[key] === undefined) continue;
    members++;
    if (!sameJson(a[key], b[key])) return false;
  }
  return members === Object.keys(b).filter((key) => b[key] !== undefined).length;
}
