// The services that have an image, with the port that their health check asks. Only Node built-ins: also runs inside the build.

/**
 * @typedef {{variable: string, port: number}} Port the variable that tells it, and its default
 * @typedef {{description: string, health: Port | null, workerHealth?: Port, environment?: Record<string, string>}} Service
 * `health` is null for a job, which has no port; `workerHealth` is asked instead with ROLE=worker; `environment` is that of the run which
 * fills the compile cache.
 */

/** @type {Readonly<Record<string, Service>>} */
export const services = {
  'backend-api': {
    description: 'Writes a log a request; scaled by CPU and memory',
    health: { variable: 'PORT', port: 5000 },
  },
  'data-api': {
    description: 'Writes a log a request; scaled by a schedule and CPU',
    health: { variable: 'PORT', port: 5000 },
  },
  'sqs-worker': {
    description: 'Takes messages over HTTP, works on them from SQS; scaled by queue depth',
    health: { variable: 'PORT', port: 5001 },
    workerHealth: { variable: 'METRICS_PORT', port: 5003 },
    environment: { ROLE: 'worker' },
  },
  'kafka-consumer': {
    description: 'Stores each event of a Kafka topic once; scaled by lag',
    health: { variable: 'PORT', port: 8081 },
  },
  'http-demo': {
    description: 'Greets and counts; scaled by its own counter or by requests a second',
    health: { variable: 'PORT', port: 8080 },
  },
  'health-check': { description: 'Checks the APIs once and ends', health: null },
  emulators: {
    description: 'SQS, DynamoDB, Kafka and an external API, in one process',
    health: { variable: 'METRICS_PORT', port: 4581 },
  },
};

export const serviceNames = Object.keys(services);

/** User and group of every image, and `podSecurity.runAsUser` of every chart. */
export const imageUser = 1000;

/** @returns {string | null} what is wrong with `app`, or null */
export function appProblem(app) {
  if (app && Object.hasOwn(services, app)) return null;
  return `APP is ${app ? JSON.stringify(app) : 'not given'}; it is one of ${serviceNames.join(', ')}`;
}
