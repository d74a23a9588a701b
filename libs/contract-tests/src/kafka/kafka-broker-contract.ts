import { adminChecks } from './admin-checks';
import { ContractContext } from './contract-context';
import { durabilityChecks } from './durability-checks';
import { groupChecks } from './group-checks';
import type { KafkaUnderTest } from './kafka-under-test';
import { messageChecks } from './message-checks';
import { transactionChecks } from './transaction-checks';
import { wireChecks } from './wire-checks';

export interface KafkaContractOptions {
  /** Starts the broker that the suite is for; it is stopped when the suite is over. */
  readonly start: () => Promise<KafkaUnderTest>;
  /** How long starting may take, milliseconds. Default 20,000. */
  readonly startTimeoutMs?: number;
  /** Messages of the rebalance under load. Default 2,000. */
  readonly rebalanceMessages?: number;
  /** Messages of the kill under load; the broker must know `killAndRestart`. Default: not killed. */
  readonly durableMessages?: number;
  /** Why the suite cannot run here: it then says so and does nothing. */
  readonly skipped?: string;
}

/** What every Kafka broker that the project runs on must do, whoever wrote it, with kafkajs and on the bare wire. */
export function kafkaBrokerContract(name: string, options: KafkaContractOptions): void {
  describe(`Kafka contract: ${name}`, () => {
    if (options.skipped !== undefined) {
      it.skip(`skipped: ${options.skipped}`, () => undefined);
      process.stdout.write(`skipped: ${name}: ${options.skipped}\n`);
      return;
    }
    let broker: KafkaUnderTest | undefined;
    const context = new ContractContext(() => {
      if (!broker) throw new Error(`${name} is not running`);
      return broker;
    });
    beforeAll(async () => {
      broker = await options.start();
    }, options.startTimeoutMs ?? 20_000);
    afterEach(() => context.end());
    afterAll(() => broker?.stop());

    adminChecks(context);
    messageChecks(context);
    groupChecks(context, options.rebalanceMessages ?? 2_000);
    transactionChecks(context);
    wireChecks(context);
    if (options.durableMessages !== undefined) durabilityChecks(context, options.durableMessages);
  });
}
