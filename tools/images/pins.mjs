// The base images as the Dockerfile pins them.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../node.mjs';

/**
 * An image reference in its parts; `tag` and `digest` are null where they are not given.
 * @param {string} reference for example `registry:5000/a/b:1.2@sha256:…`
 */
export function parseReference(reference) {
  const [, name, tag, digest] = /^(.+?)(?::([\w][\w.-]*))?(?:@(sha256:[0-9a-f]+))?$/.exec(reference) ?? [];
  return { name: name ?? reference, tag: tag ?? null, digest: digest ?? null };
}

/** `name:tag`, as a local image of the same name is called. */
export function withoutDigest(reference) {
  return reference.replace(/@sha256:[0-9a-f]+$/, '');
}

/** Value of an `ARG NAME=value` before the first FROM. @throws Error when there is none */
export function pinned(argument, dockerfile = readFileSync(join(root, 'Dockerfile'), 'utf8')) {
  const head = dockerfile.split(/^FROM /m)[0];
  const value = new RegExp(`^ARG ${argument}=(\\S+)$`, 'm').exec(head)?.[1];
  if (!value) throw new Error(`Dockerfile: no "ARG ${argument}=..." before the first FROM`);
  return value;
}

export const nodeImage = () => pinned('NODE_IMAGE');
export const runtimeImage = () => pinned('RUNTIME_IMAGE');
