// Tells people how a pipeline ended: one JSON message to a webhook (Slack, Mattermost, Teams workflows and Rocket.Chat take `text`).
import { hostname } from 'node:os';
import { StepError } from './step-error.mjs';
import { redactor } from './secrets.mjs';

/** @typedef {{status: 'success' | 'failure', step?: string, detail?: string, url?: string, tag: string}} Outcome */

/** @param {Outcome} outcome */
export function messageOf({ status, step, detail, url, tag }) {
  const head = status === 'success' ? `scalelab ${tag} released` : `scalelab ${tag} failed`;
  const at = step ? ` at ${step}` : '';
  return {
    text: [`${head}${at}`, detail, url].filter(Boolean).join('\n'),
    status,
    tag,
    step: step ?? null,
    host: hostname(),
  };
}

/**
 * Three tries, 10 s each. Without NOTIFY_WEBHOOK_URL it says so and is done: a fork has no webhook.
 * @param {Outcome} outcome
 */
export async function notify(outcome, { env = process.env, waitMs = 1_000 } = {}) {
  const redact = redactor(env);
  const body = redact(JSON.stringify(messageOf(outcome)));
  const url = env.NOTIFY_WEBHOOK_URL;
  if (!url) return `skipped: NOTIFY_WEBHOOK_URL is not set; it would have got ${body}`;
  if (!URL.canParse(url) || !/^https?:$/.test(new URL(url).protocol))
    throw new StepError(
      'notify',
      'NOTIFY_WEBHOOK_URL is no http or https URL',
      'set it to the address of a webhook',
      {
        code: 'input',
      },
    );
  let why = '';
  for (let attempt = 1; attempt <= 3; attempt += 1) {
    try {
      const answer = await fetch(url, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body,
        redirect: 'error',
        signal: AbortSignal.timeout(10_000),
      });
      if (answer.ok) return `notified: ${outcome.status}`;
      why = `HTTP ${answer.status}`;
      // Another try will not make a refused message better.
      if (answer.status < 500 && answer.status !== 429) break;
    } catch (error) {
      why = error.cause?.code ?? error.message;
    }
    if (attempt < 3) await new Promise((resolve) => setTimeout(resolve, waitMs * attempt));
  }
  throw new StepError(
    'notify',
    `the webhook did not take the message: ${redact(why)}`,
    'check NOTIFY_WEBHOOK_URL, and whether its host is reachable from here',
  );
}
