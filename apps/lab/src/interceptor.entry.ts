import { Interceptor } from './interceptor/interceptor';
import type { FromInterceptor, ToInterceptor } from './interceptor/message';

const tell = (message: FromInterceptor): void => {
  process.send?.(message, undefined, undefined, () => undefined);
};

let interceptor: Promise<Interceptor> | undefined;

process.on('message', (message: ToInterceptor) => {
  if (message.type === 'hello') interceptor ??= Interceptor.start(message, tell);
  else void interceptor?.then((running) => running.apply(message));
});
// Without its lab it has no business here.
process.on('disconnect', () => process.exit(0));
