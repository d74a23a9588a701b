export type { Admission, AdmissionContext } from './admission';
export { encodedObject } from './encoding';
export { inProcessClient } from './in-process-client';
export { KindTable } from './kind-table';
export { ObjectStore, type CursorOptions, type ObjectStoreOptions, type WriteOptions } from './object-store';
export { scaleObject } from './scale';
export { builtInKinds, type ScalePaths, type ServedKind } from './served-kind';
export type { WatchCursor, WatchItem } from './watch-cursor';
