import { settings, type Config } from '@scalelab/config';
import { logWriterSettings } from '@scalelab/log-writer';
import { serviceSettings } from '@scalelab/service';

export const schema = settings({ ...serviceSettings({ port: 5000 }), ...logWriterSettings });

export type DataApiConfig = Config<typeof schema>;
