// Asks TARGET until it answers, says what it heard, and waits to be ended.
import { clearInterval, setInterval } from 'node:timers';
const { TARGET } = process.env;
const stay = setInterval(() => undefined, 60_000);
for (;;) {
  try {
    const answer = await fetch(TARGET);
    const text = (await answer.text()).trim();
    console.log(`${TARGET} answered ${answer.status} ${text}`);
    if (answer.ok) break;
    throw new Error(`status ${answer.status}`);
  } catch (error) {
    console.log(`${TARGET} is not there yet: ${error.cause?.message ?? error.message}`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}
process.on('SIGTERM', () => clearInterval(stay));
