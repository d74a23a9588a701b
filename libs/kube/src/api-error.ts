import { KubeApiError, type ResourceType } from './port';
import { groupResource } from './resources';

/** One wrong field, as `Status.details.causes` lists it. */
export interface FieldCause {
  /** `FieldValueRequired`, `FieldValueInvalid`, `FieldValueNotSupported`, `FieldValueForbidden`, ... */
  readonly reason: string;
  readonly field: string;
  readonly message: string;
}

const error = (code: number, reason: string, message: string, details?: unknown): KubeApiError =>
  new KubeApiError({ code, reason, message, ...(details === undefined ? {} : { details }) });

const detailsOf = (type: ResourceType, name: string): Record<string, unknown> => ({
  name,
  ...(type.group === '' ? {} : { group: type.group }),
  kind: type.plural,
});

/** The refusals of a Kubernetes API server, with its codes, reasons and words. */
export const apiErrors = Object.freeze({
  badRequest: (message: string) => error(400, 'BadRequest', message),
  unauthorized: () => error(401, 'Unauthorized', 'Unauthorized'),
  forbidden: (type: ResourceType, name: string, why: string) =>
    error(403, 'Forbidden', `${groupResource(type)} "${name}" is forbidden: ${why}`, detailsOf(type, name)),
  notFound: (type: ResourceType, name: string) =>
    error(404, 'NotFound', `${groupResource(type)} "${name}" not found`, detailsOf(type, name)),
  noSuchPath: () => error(404, 'NotFound', 'the server could not find the requested resource'),
  methodNotAllowed: (what: string) =>
    error(405, 'MethodNotAllowed', `${what} is not supported on this resource`),
  alreadyExists: (type: ResourceType, name: string) =>
    error(409, 'AlreadyExists', `${groupResource(type)} "${name}" already exists`, detailsOf(type, name)),
  conflict: (type: ResourceType, name: string, why?: string) =>
    error(
      409,
      'Conflict',
      `Operation cannot be fulfilled on ${groupResource(type)} "${name}": ${
        why ?? 'the object has been modified; please apply your changes to the latest version and try again'
      }`,
      detailsOf(type, name),
    ),
  expired: (message: string) => error(410, 'Expired', message),
  tooLarge: (limitBytes: number) =>
    error(413, 'RequestEntityTooLarge', `Request entity too large: limit is ${limitBytes}`),
  unsupportedMediaType: (given: string, allowed: readonly string[]) =>
    error(
      415,
      'UnsupportedMediaType',
      `the body of the request was in an unknown format - accepted media types include: ${allowed.join(', ')} (got ${given || 'none'})`,
    ),
  invalid: (type: Pick<ResourceType, 'group' | 'kind'>, name: string, causes: readonly FieldCause[]) => {
    const texts = causes.map((cause) => `${cause.field}: ${cause.message}`);
    const kind = type.group === '' ? type.kind : `${type.kind}.${type.group}`;
    const list = texts.length === 1 ? texts[0] : `[${texts.join(', ')}]`;
    return error(422, 'Invalid', `${kind} "${name}" is invalid: ${list}`, {
      name,
      group: type.group,
      kind: type.kind,
      causes,
    });
  },
  internal: (message: string) => error(500, 'InternalError', `Internal error occurred: ${message}`),
});

const hasReason =
  (...reasons: readonly string[]) =>
  (thrown: unknown): thrown is KubeApiError =>
    thrown instanceof KubeApiError && reasons.includes(thrown.reason);

export const isNotFound = hasReason('NotFound');
export const isConflict = hasReason('Conflict');
export const isAlreadyExists = hasReason('AlreadyExists');
/** A watch or continue token too old to go on from: list again. */
export const isExpired = hasReason('Expired', 'Gone');
