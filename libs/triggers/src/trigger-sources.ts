import type { KubeClient } from '@scalelab/kube';
import type { TriggerObservation, TriggerType } from '@scalelab/scaling';
import { sameAddress, type ResolveAddress } from './address';
import { awsSqsQueueSource, type OpenQueueReader } from './aws-sqs-queue';
import { clockSource } from './clock-triggers';
import { externalPushSource, type InterceptorScaler } from './external-push';
import { HttpGetter } from './http-get';
import { kafkaSource, type OpenOffsetsReader } from './kafka';
import { kubernetesWorkloadSource } from './kubernetes-workload';
import { metricsApiSource } from './metrics-api';
import { prometheusSource } from './prometheus';
import type { TriggerQuestion, TriggerSource } from './trigger-source';

export interface TriggerSourcesOptions {
  readonly kube: KubeClient;
  readonly interceptors: InterceptorScaler;
  /** Default: addresses are used as manifests write them. */
  readonly resolveAddress?: ResolveAddress;
  /** Longest wait for one observation, milliseconds, whatever the source. Default 10,000. */
  readonly timeoutMs?: number;
  /** Default: the SDK's SQS client. */
  readonly openQueueReader?: OpenQueueReader;
  /** Default: a Kafka admin client. */
  readonly openOffsetsReader?: OpenOffsetsReader;
  /** Time that a prometheus query asks for. Default: the system's. */
  readonly now?: () => Date;
}

/** Asks whatever source a trigger names. Never decides anything. */
export class TriggerSources {
  private readonly http = new HttpGetter();
  private readonly byType: Readonly<Record<TriggerType, TriggerSource>>;
  private readonly timeoutMs: number;

  constructor(options: TriggerSourcesOptions) {
    const { kube, interceptors, resolveAddress = sameAddress, now = () => new Date() } = options;
    this.timeoutMs = options.timeoutMs ?? 10_000;
    this.byType = {
      'aws-sqs-queue': awsSqsQueueSource(resolveAddress, options.openQueueReader),
      kafka: kafkaSource(resolveAddress, options.openOffsetsReader),
      prometheus: prometheusSource(this.http, resolveAddress, now),
      'metrics-api': metricsApiSource(this.http, kube, resolveAddress),
      'kubernetes-workload': kubernetesWorkloadSource(kube),
      'external-push': externalPushSource(interceptors),
      cron: clockSource,
      cpu: clockSource,
      memory: clockSource,
    };
  }

  /** Never rejects: a source that fails or is too slow is an observation of kind `unreachable`. */
  async observe(question: TriggerQuestion): Promise<TriggerObservation> {
    const { timeoutMs } = this;
    let timer: NodeJS.Timeout | undefined;
    const tooLate = new Promise<never>((_, reject) => {
      timer = setTimeout(
        () => reject(new Error(`${question.parsed.type}: no answer within ${timeoutMs} ms`)),
        timeoutMs,
      );
      timer.unref();
    });
    try {
      return await Promise.race([this.byType[question.parsed.type].observe(question), tooLate]);
    } catch (error) {
      return { kind: 'unreachable', message: error instanceof Error ? error.message : String(error) };
    } finally {
      clearTimeout(timer);
    }
  }

  /** Ends all connections. */
  async close(): Promise<void> {
    this.http.close();
    await Promise.allSettled(Object.values(this.byType).map((source) => source.close()));
  }
}
