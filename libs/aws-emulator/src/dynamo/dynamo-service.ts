import type { IncomingMessage, ServerResponse } from 'node:http';
import { create, type Store } from 'dynalite/db';
import { checkTypes, checkValidations } from 'dynalite/validations';
import { gapMessage } from '../gaps';
import { replyJson } from '../json-reply';
import { readBody } from '../request-body';
import { operations } from './operations';
import { settleTables } from './settle-tables';

/** DynamoDB's own limit of a request. */
const maxRequestBytes = 16 * 1024 * 1024;
const service = 'com.amazon.coral.service';

export interface DynamoService {
  handle(req: IncomingMessage, res: ServerResponse, operation: string): Promise<void>;
  close(): Promise<void>;
}

/**
 * DynamoDB on dynalite's store, validations and actions. dynalite's own HTTP handler is not used: it rethrows request and store
 * errors, so that a client killed in the middle of a request would end the emulator.
 */
export async function createDynamoService(options: { dataDir?: string | undefined }): Promise<DynamoService> {
  const store = create({
    createTableMs: 0,
    deleteTableMs: 0,
    updateTableMs: 0,
    ...(options.dataDir ? { path: options.dataDir } : {}),
  });
  if (options.dataDir) await settleTables(store);
  return {
    handle: (req, res, operation) => handle(store, req, res, operation),
    close: () =>
      new Promise((resolve, reject) => store.db.close((error) => (error ? reject(error) : resolve()))),
  };
}

async function handle(store: Store, req: IncomingMessage, res: ServerResponse, name: string): Promise<void> {
  const body = await readBody(req, maxRequestBytes);
  if (body.kind === 'aborted') return;
  if (body.kind === 'tooLarge') {
    return replyJson(res, 413, {
      __type: `${service}#RequestEntityTooLargeException`,
      message: `more than ${maxRequestBytes} bytes`,
    });
  }
  const operation = operations.get(name);
  if (!operation) {
    return replyJson(res, 400, {
      __type: `${service}#UnknownOperationException`,
      message: gapMessage('DynamoDB', name),
    });
  }
  if (!req.headers.authorization) {
    return replyJson(res, 400, {
      __type: `${service}#MissingAuthenticationTokenException`,
      message: 'Request is missing Authentication Token',
    });
  }
  let data: object;
  try {
    data = checkTypes(JSON.parse(body.text) as object, operation.rules.types);
    checkValidations(data, operation.rules.types, operation.rules.custom, store);
  } catch (error) {
    if (error instanceof SyntaxError) {
      return replyJson(res, 400, { __type: `${service}#SerializationException`, message: error.message });
    }
    return replyFailure(res, error);
  }
  await new Promise<void>((resolve) => {
    operation.run(store, data, (error, result) => {
      if (error) replyFailure(res, error);
      else replyJson(res, 200, result);
      resolve();
    });
  });
}

/** dynalite's refusals carry the status and body of the answer; anything else is a fault of the store. */
function replyFailure(res: ServerResponse, error: unknown): void {
  const refusal = error as { statusCode?: number; body?: unknown };
  if (refusal.statusCode !== undefined) return replyJson(res, refusal.statusCode, refusal.body);
  const message = error instanceof Error ? error.message : String(error);
  replyJson(res, 500, { __type: `${service}#InternalServerError`, message });
}
