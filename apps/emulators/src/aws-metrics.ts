import type { AwsAnswer } from '@scalelab/aws-emulator';
import { Counter, type Metrics } from '@scalelab/metrics';

/** Counts the AWS calls that were answered. */
export function awsMetrics({ registry, prefix }: Metrics): (answer: AwsAnswer) => void {
  const requests = new Counter({
    name: `${prefix}_aws_requests_total`,
    help: 'AWS calls answered.',
    labelNames: ['service', 'operation', 'status'],
    registers: [registry],
  });
  return ({ service, operation, status }) =>
    requests.inc({ service, operation, status: `${Math.floor(status / 100)}xx` });
}
