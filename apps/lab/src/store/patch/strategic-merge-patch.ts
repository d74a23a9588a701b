import { isJsonObject, sameJson, apiErrors } from '@scalelab/kube';
import { resolve, type Schema } from '@scalelab/manifests';

const orderPrefix = '$setElementOrder/';
const deletePrefix = '$deleteFromPrimitiveList/';

const memberSchema = (schema: Schema | undefined, key: string): Schema | undefined => {
  const member = schema?.properties?.[key] ?? schema?.additionalProperties;
  return member === undefined ? undefined : resolve(member);
};
const itemSchema = (schema: Schema | undefined): Schema | undefined =>
  schema?.items === undefined ? undefined : resolve(schema.items);

/** How two lists of a schema become one: item by item under a key, as sets of values, or the new one alone. */
function listStrategy(
  schema: Schema | undefined,
): { readonly kind: 'keyed'; readonly key: string } | 'set' | 'replace' {
  const strategies = schema?.['x-kubernetes-patch-strategy']?.split(',') ?? [];
  if (!strategies.includes('merge')) return 'replace';
  const key = schema?.['x-kubernetes-patch-merge-key'];
  return key === undefined ? 'set' : { kind: 'keyed', key };
}

/**
 * Kubernetes' strategic merge patch: like a merge patch, but lists with a merge key merge item by item. Knows the directives
 * `$patch: replace|delete|merge`, `$retainKeys`, `$setElementOrder/x` and `$deleteFromPrimitiveList/x`.
 * @param schema of the value; without one it merges like RFC 7386
 * @throws KubeApiError BadRequest for a list item without its merge key or an unknown directive
 */
export function strategicMergePatch(target: unknown, patch: unknown, schema: Schema | undefined): unknown {
  if (!isJsonObject(patch)) return patch;
  const directive = patch.$patch;
  if (directive === 'replace') return withoutDirectives(patch);
  if (directive === 'delete') return {};
  if (directive !== undefined && directive !== 'merge') {
    throw apiErrors.badRequest(`$patch: ${JSON.stringify(directive)}; allowed: merge, replace, delete`);
  }
  const result: Record<string, unknown> = isJsonObject(target) ? { ...target } : {};
  if (Array.isArray(patch.$retainKeys)) {
    for (const key of Object.keys(result)) if (!patch.$retainKeys.includes(key)) delete result[key];
  }
  for (const [key, value] of Object.entries(patch)) {
    if (key.startsWith(deletePrefix)) deleteValues(result, key.slice(deletePrefix.length), value);
    if (key.startsWith('$')) continue;
    const schemaOfMember = memberSchema(schema, key);
    if (value === null) delete result[key];
    else if (Array.isArray(value)) {
      result[key] = mergeList(result[key], value, schemaOfMember, patch[orderPrefix + key], key);
    } else result[key] = strategicMergePatch(result[key], value, schemaOfMember);
  }
  // A patch may reorder a list without changing an item.
  for (const key of Object.keys(patch)) {
    const list = key.startsWith(orderPrefix) ? key.slice(orderPrefix.length) : undefined;
    if (list !== undefined && patch[list] === undefined && Array.isArray(result[list])) {
      result[list] = mergeList(result[list], [], memberSchema(schema, list), patch[key], list);
    }
  }
  return result;
}

function deleteValues(result: Record<string, unknown>, key: string, values: unknown): void {
  const present = result[key];
  if (!Array.isArray(present) || !Array.isArray(values)) return;
  result[key] = present.filter((item) => !values.includes(item));
}

/** A replaced value as it is stored: directives inside it have nothing to act on. */
function withoutDirectives(value: unknown): unknown {
  if (Array.isArray(value)) return value.filter((item) => !isDeletion(item)).map(withoutDirectives);
  if (!isJsonObject(value)) return value;
  const kept = Object.entries(value).filter(([key]) => !key.startsWith('$'));
  return Object.fromEntries(kept.map(([key, member]) => [key, withoutDirectives(member)]));
}

const isDeletion = (item: unknown): boolean => isJsonObject(item) && item.$patch === 'delete';
const isReplacement = (item: unknown): boolean =>
  isJsonObject(item) && item.$patch === 'replace' && Object.keys(item).length === 1;

function mergeList(
  target: unknown,
  patch: readonly unknown[],
  schema: Schema | undefined,
  order: unknown,
  name: string,
): unknown[] {
  const strategy = listStrategy(schema);
  const present: readonly unknown[] = Array.isArray(target) ? target : [];
  if (strategy === 'replace' || patch.some(isReplacement)) {
    return patch.filter((item) => !isReplacement(item) && !isDeletion(item)).map(withoutDirectives);
  }
  if (strategy === 'set') {
    const added = patch.filter((item) => !present.some((other) => sameJson(other, item)));
    return inOrder([...present, ...added], order, (item) => item);
  }
  const keyOf = (item: unknown): unknown => (isJsonObject(item) ? item[strategy.key] : undefined);
  const result = [...present];
  for (const item of patch) {
    const key = keyOf(item);
    if (key === undefined) {
      throw apiErrors.badRequest(
        `${name}: an item of a strategic merge patch lacks its merge key "${strategy.key}"`,
      );
    }
    const index = result.findIndex((other) => keyOf(other) === key);
    if (isDeletion(item)) {
      if (index >= 0) result.splice(index, 1);
    } else if (index >= 0) result[index] = strategicMergePatch(result[index], item, itemSchema(schema));
    else result.push(strategicMergePatch({}, item, itemSchema(schema)));
  }
  const orderKeys = Array.isArray(order)
    ? order.map((entry) => (isJsonObject(entry) ? keyOf(entry) : entry))
    : order;
  return inOrder(result, orderKeys, keyOf);
}

/** Items named in `order` in that order; the others keep their place behind the item they followed. */
function inOrder(items: readonly unknown[], order: unknown, keyOf: (item: unknown) => unknown): unknown[] {
  if (!Array.isArray(order)) return [...items];
  const rank = new Map<unknown, number>(order.map((key, i) => [key, i]));
  let last = -1;
  const ranked = items.map((item) => {
    const own = rank.get(keyOf(item));
    if (own !== undefined) last = own;
    return { item, rank: own ?? last };
  });
  return ranked.toSorted((a, b) => a.rank - b.rank).map(({ item }) => item);
}
