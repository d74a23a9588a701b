import { apiErrors, apiVersionOf, objectKey, type KubeList, type KubeObject } from '@scalelab/kube';
import { encodedObject, type ServedKind } from '../store';

interface Continuation {
  readonly version: string;
  readonly after: string;
}

function readContinuation(text: string): Continuation {
  try {
    const value: unknown = JSON.parse(Buffer.from(text, 'base64url').toString());
    if (value !== null && typeof value === 'object' && 'version' in value && 'after' in value) {
      return { version: String(value.version), after: String(value.after) };
    }
  } catch {
    // Told below, in the words of the API.
  }
  throw apiErrors.badRequest('continue key is not valid');
}

/** One page of a list as bytes. Pages after the first go on behind the last name, over the objects as they are then. */
export function listBytes(
  kind: ServedKind,
  list: KubeList,
  page: { readonly limit: number | undefined; readonly continueToken: string | undefined },
): Buffer {
  const from = page.continueToken === undefined ? undefined : readContinuation(page.continueToken);
  const rest = from === undefined ? list.items : list.items.filter((item) => objectKey(item) > from.after);
  const items = page.limit === undefined || page.limit === 0 ? rest : rest.slice(0, page.limit);
  const last = items.at(-1);
  const version = from?.version ?? list.resourceVersion;
  const more =
    last === undefined || items.length === rest.length
      ? {}
      : {
          continue: Buffer.from(JSON.stringify({ version, after: objectKey(last) })).toString('base64url'),
          remainingItemCount: rest.length - items.length,
        };
  const head = {
    kind: `${kind.type.kind}List`,
    apiVersion: apiVersionOf(kind.type),
    metadata: { resourceVersion: version, ...more },
  };
  return itemsBytes(head, items);
}

/** A list object of encoded items; what was encoded before is not encoded again. */
export function itemsBytes(head: object, items: readonly KubeObject[]): Buffer {
  const parts: Buffer[] = [Buffer.from(`${JSON.stringify(head).slice(0, -1)},"items":[`)];
  items.forEach((item, i) => {
    if (i > 0) parts.push(comma);
    parts.push(encodedObject(item));
  });
  parts.push(listEnd);
  return Buffer.concat(parts);
}

const comma = Buffer.from(',');
const listEnd = Buffer.from(']}');
