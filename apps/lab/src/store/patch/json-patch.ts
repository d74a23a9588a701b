import { isJsonObject, sameJson, apiErrors } from '@scalelab/kube';

type Change = (value: unknown, exists: boolean) => { readonly value: unknown } | 'remove';

const refuse = (message: string) => apiErrors.badRequest(`json patch: ${message}`);

function segmentsOf(pointer: unknown, where: string): string[] {
  if (typeof pointer !== 'string' || (pointer !== '' && !pointer.startsWith('/'))) {
    throw refuse(
      `${where}: expected a JSON pointer such as "/spec/replicas", got ${JSON.stringify(pointer)}`,
    );
  }
  return pointer
    .split('/')
    .slice(1)
    .map((segment) => segment.replaceAll('~1', '/').replaceAll('~0', '~'));
}

function arrayIndex(segment: string, length: number, insert: boolean): number {
  if (segment === '-' && insert) return length;
  const index = /^(0|[1-9]\d*)$/.test(segment) ? Number(segment) : -1;
  if (index < 0 || index > length - (insert ? 0 : 1))
    throw refuse(`index "${segment}" is outside the array of ${length}`);
  return index;
}

/** A copy with the value at a path changed; `insert` makes room in arrays instead of replacing. */
function changeAt(root: unknown, path: readonly string[], insert: boolean, change: Change): unknown {
  const [segment, ...rest] = path;
  if (segment === undefined) {
    const changed = change(root, true);
    if (changed === 'remove') throw refuse('the whole document cannot be removed');
    return changed.value;
  }
  if (Array.isArray(root)) {
    const items: unknown[] = [...(root as unknown[])];
    const index = arrayIndex(segment, items.length, insert && rest.length === 0);
    if (rest.length > 0) items[index] = changeAt(items[index], rest, insert, change);
    else {
      const changed = change(items[index], index < items.length);
      if (changed === 'remove') items.splice(index, 1);
      else items.splice(index, insert ? 0 : 1, changed.value);
    }
    return items;
  }
  if (!isJsonObject(root))
    throw refuse(`there is no "${segment}" in a value that is neither object nor array`);
  const exists = Object.hasOwn(root, segment);
  if (rest.length > 0) {
    if (!exists) throw refuse(`path "/${path.join('/')}": "${segment}" does not exist`);
    return { ...root, [segment]: changeAt(root[segment], rest, insert, change) };
  }
  const changed = change(root[segment], exists);
  if (changed !== 'remove') return { ...root, [segment]: changed.value };
  const { [segment]: _gone, ...others } = root;
  return others;
}

function valueOf(root: unknown, path: readonly string[]): unknown {
  let value = root;
  for (const segment of path) {
    if (Array.isArray(value)) value = (value as unknown[])[arrayIndex(segment, value.length, false)];
    else if (isJsonObject(value) && Object.hasOwn(value, segment)) value = value[segment];
    else throw refuse(`path "/${path.join('/')}" does not exist`);
  }
  return value;
}

function applyOne(document: unknown, operation: unknown, at: number): unknown {
  if (!isJsonObject(operation)) throw refuse(`operation ${at}: expected an object`);
  const path = segmentsOf(operation.path, `operation ${at}.path`);
  const from = (): string[] => segmentsOf(operation.from, `operation ${at}.from`);
  const mustExist = (exists: boolean): void => {
    if (!exists) throw refuse(`operation ${at}: path "/${path.join('/')}" does not exist`);
  };
  const add = (target: unknown, value: unknown) => changeAt(target, path, true, () => ({ value }));
  const remove = (target: unknown, gone: readonly string[]) =>
    changeAt(target, gone, false, (_value, exists) => (mustExist(exists), 'remove'));
  switch (operation.op) {
    case 'add':
      return add(document, operation.value);
    case 'remove':
      return remove(document, path);
    case 'replace':
      return changeAt(
        document,
        path,
        false,
        (_value, exists) => (mustExist(exists), { value: operation.value }),
      );
    case 'move': {
      const source = from();
      return add(remove(document, source), valueOf(document, source));
    }
    case 'copy':
      return add(document, valueOf(document, from()));
    case 'test': {
      if (sameJson(valueOf(document, path), operation.value)) return document;
      throw apiErrors.invalid({ group: '', kind: 'Patch' }, '', [
        {
          reason: 'FieldValueInvalid',
          field: `patch[${at}]`,
          message: `testing value ${JSON.stringify(operation.path)} failed`,
        },
      ]);
    }
    default:
      throw refuse(
        `operation ${at}.op: ${JSON.stringify(operation.op)}; allowed: add, remove, replace, move, copy, test`,
      );
  }
}

/**
 * RFC 6902, all six operations, all or nothing.
 * @throws KubeApiError BadRequest for a patch that does not fit, Invalid for a failed test
 */
export function jsonPatch(document: unknown, patch: unknown): unknown {
  if (!Array.isArray(patch)) throw refuse('expected an array of operations');
  return patch.reduce<unknown>((result, operation, at) => applyOne(result, operation, at), document);
}
