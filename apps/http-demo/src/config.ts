import { settings, text, type Config } from '@scalelab/config';
import { serviceSettings } from '@scalelab/service';

export const schema = settings({
  ...serviceSettings({ port: 8080 }),
  /** What GET / answers. */
  GREETING: text({ default: 'Hello, Kubernetes with KEDA!' }),
});

export type HttpDemoConfig = Config<typeof schema>;
