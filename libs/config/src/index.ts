export { object as settings } from 'zod/mini';
export { ConfigError } from './config-error';
export { describeConfig } from './describe-config';
export { loadConfig, type Config, type ConfigSchema, type Environment } from './load-config';
export { Secret } from './secret';
export {
  bool,
  decimal,
  int,
  list,
  ms,
  oneOf,
  optional,
  port,
  secret,
  text,
  url,
  type Default,
  type Range,
  type Setting,
} from './setting';
