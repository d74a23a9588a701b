// dynalite ships no types. Only what the emulator calls is declared here.
declare module 'dynalite/db' {
  export interface Store {
    readonly db: {
      keys(range: { gte: string; lt: string }): AsyncIterable<string>;
      get(key: string): Promise<unknown>;
      put(key: string, value: unknown): Promise<void>;
      close(done: (error: Error | null | undefined) => void): void;
    };
  }
  export interface StoreOptions {
    /** Folder of the LevelDB files; in memory when absent. */
    path?: string;
    createTableMs?: number;
    deleteTableMs?: number;
    updateTableMs?: number;
  }
  export function create(options: StoreOptions): Store;
}
declare module 'dynalite/validations' {
  import type { Store } from 'dynalite/db';
  export function checkTypes(data: object, types: object): object;
  export function checkValidations(data: object, types: object, custom: unknown, store: Store): void;
}
declare module 'dynalite/validations/*' {
  export const types: object;
  export const custom: unknown;
}
declare module 'dynalite/actions/*' {
  import type { Store } from 'dynalite/db';
  const action: (store: Store, data: object, done: (error: unknown, result?: unknown) => void) => void;
  export default action;
}
