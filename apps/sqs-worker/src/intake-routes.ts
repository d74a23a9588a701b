import { AppError, toProblem } from '@scalelab/errors';
import { burnCpu } from '@scalelab/cpu-load';
import { contextOf } from '@scalelab/service';
import type { Request, Response, Router } from 'express';
import type { Intake } from './intake';
import { isMessageBody, kindOf, type MessageBody } from './message';

/** Messages of one POST /process_messages. */
export const maxMessages = 1_000;

/** A caller's own id makes a repeated request harmless: both messages have one effect. */
const idempotencyKey = /^[\x21-\x7e]{1,128}$/;

/** Longest CPU time that a request may ask for, milliseconds. */
const maxCpuMs = 10_000;

export interface IntakeRoutesOptions {
  /** Lets `?cpu=ms` burn that much CPU before a message is taken: for load tests. Default false: the parameter is refused. */
  readonly cpuOnDemand?: boolean;
}

export function intakeRoutes(
  intake: Intake,
  { cpuOnDemand = false }: IntakeRoutesOptions = {},
): (router: Router) => void {
  return (router) => {
    router.post('/process_message', async (request, response) => {
      const cpuMs = cpuOf(request, cpuOnDemand);
      if (cpuMs > 0) await burnCpu(cpuMs);
      const body = messageIn(request.body, 'body');
      const id = keyOf(request);
      const traceparent = contextOf(request).traceparent();
      const messageId = await intake.send(body, { traceparent, ...(id === undefined ? {} : { id }) });
      response.status(202).json({ messageId });
    });
    router.post('/process_messages', async (request, response) => {
      const bodies = messagesIn(request.body);
      const traceparent = contextOf(request).traceparent();
      const sends = await Promise.allSettled(bodies.map((body) => intake.send(body, { traceparent })));
      answerMany(request, response, sends);
    });
  };
}

/** 202 when the queue took every message; otherwise what became of each, in order: a caller repeats only what failed. */
function answerMany(
  request: Request,
  response: Response,
  sends: readonly PromiseSettledResult<string>[],
): void {
  const failures = sends.flatMap((send) => (send.status === 'rejected' ? [send.reason as unknown] : []));
  if (failures.length === 0) {
    response
      .status(202)
      .json({ messageIds: sends.map((send) => (send.status === 'fulfilled' ? send.value : null)) });
    return;
  }
  contextOf(request).logger.warn(
    { err: failures[0], failed: failures.length, of: sends.length },
    'messages were not taken',
  );
  if (failures.length === sends.length) throw failures[0];
  response.status(207).json({
    messageIds: sends.map((send) => (send.status === 'fulfilled' ? send.value : null)),
    errors: sends.flatMap((send, index) =>
      send.status === 'rejected' ? [{ index, ...toProblem(send.reason) }] : [],
    ),
  });
}

function messageIn(value: unknown, field: string): MessageBody {
  if (isMessageBody(value)) return value;
  throw new AppError('BadRequest', `${field} is ${kindOf(value)}, allowed: a JSON object`, {
    fields: [{ field, detail: `given: ${kindOf(value)}, allowed: a JSON object` }],
  });
}

function messagesIn(value: unknown): MessageBody[] {
  if (!Array.isArray(value)) {
    throw new AppError(
      'BadRequest',
      `body is ${kindOf(value)}, allowed: an array of up to ${maxMessages} JSON objects`,
    );
  }
  if (value.length === 0 || value.length > maxMessages) {
    throw new AppError('BadRequest', `body has ${value.length} messages, allowed: 1 to ${maxMessages}`);
  }
  return value.map((message, index) => messageIn(message, `body[${index}]`));
}

function cpuOf(request: Request, allowed: boolean): number {
  const { cpu } = request.query;
  if (cpu === undefined) return 0;
  const given = typeof cpu === 'string' && /^\d{1,5}$/.test(cpu) ? Number(cpu) : Number.NaN;
  if (!allowed) throw new AppError('BadRequest', 'cpu: only taken with WORK_FROM_MESSAGE=true');
  if (given <= maxCpuMs) return given;
  throw new AppError(
    'BadRequest',
    `cpu: given ${kindOf(cpu)}, allowed: an integer of milliseconds from 0 to ${maxCpuMs}`,
  );
}

function keyOf(request: Request): string | undefined {
  const key = request.get('idempotency-key');
  if (key === undefined || idempotencyKey.test(key)) return key;
  throw new AppError('BadRequest', 'idempotency-key: allowed are 1 to 128 visible ASCII characters');
}
