import type { IncomingMessage } from 'node:http';
import { apiErrors, type PatchType } from '@scalelab/kube';
import { parseDocument } from 'yaml';

const bodyTypes = ['application/json', 'application/yaml'];
const patchTypes: Readonly<Record<string, PatchType>> = {
  'application/json-patch+json': 'json',
  'application/merge-patch+json': 'merge',
  'application/strategic-merge-patch+json': 'strategic',
  'application/apply-patch+yaml': 'apply',
};

export const mediaType = (request: IncomingMessage): string =>
  (request.headers['content-type'] ?? '').split(';')[0]?.trim().toLowerCase() ?? '';

/** @throws KubeApiError 413 past the limit */
async function readBytes(request: IncomingMessage, limitBytes: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > limitBytes) throw apiErrors.tooLarge(limitBytes);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw apiErrors.badRequest(
      `the body is not JSON: ${error instanceof Error ? error.message : String(error)}`,
    );
  }
}

function parseYaml(text: string): unknown {
  const document = parseDocument(text);
  const [problem] = document.errors;
  if (problem !== undefined) throw apiErrors.badRequest(`the body is not YAML: ${problem.message}`);
  return document.toJS();
}

/**
 * The body of a create, replace or delete; undefined when there is none.
 * @throws KubeApiError BadRequest, 413 or 415
 */
export async function readBody(request: IncomingMessage, limitBytes: number): Promise<unknown> {
  const bytes = await readBytes(request, limitBytes);
  if (bytes.length === 0) return undefined;
  const type = mediaType(request);
  if (type === 'application/yaml') return parseYaml(bytes.toString());
  // Clients that say nothing, and curl's default, mean JSON.
  if (type === '' || type === 'application/json' || type === 'application/x-www-form-urlencoded') {
    return parseJson(bytes.toString());
  }
  throw apiErrors.unsupportedMediaType(type, bodyTypes);
}

/** @throws KubeApiError BadRequest, 413 or 415 */
export async function readPatch(
  request: IncomingMessage,
  limitBytes: number,
): Promise<{ readonly type: PatchType; readonly patch: unknown }> {
  const media = mediaType(request);
  const type = patchTypes[media];
  if (type === undefined) throw apiErrors.unsupportedMediaType(media, Object.keys(patchTypes));
  const text = (await readBytes(request, limitBytes)).toString();
  return { type, patch: type === 'apply' ? parseYaml(text) : parseJson(text) };
}
