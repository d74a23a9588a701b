/** The container cannot be made from its manifest as things are: CreateContainerConfigError, tried again until it can. */
export class ContainerConfigError extends Error {
  override readonly name = 'ContainerConfigError';
  readonly code = 'CreateContainerConfigError';
}

/** A volume cannot be had as things are: event FailedMount, tried again until it can. */
export class MountError extends Error {
  override readonly name = 'MountError';
  readonly code = 'FailedMount';
}
