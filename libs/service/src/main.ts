import type { Running } from './run';

/**
 * Runs a service's start function, and turns what goes wrong into one message and an exit code: 2 for a wrong
 * environment, 1 for a port in use or any other failure.
 */
export declare function main(name: string, start: () => Promise<Running>): Promise<void>;
