import { Kafka, logLevel, type Admin, type Producer } from 'kafkajs';
import { createKafkaLog } from '../kafka/kafka-log';
import type { KafkaLogOptions } from '../kafka/options';
import { Bench } from './bench';
import { kafkaOptions } from './kafka-options';

/** A bench on the test broker, with kafkajs beside it to do what our own port has no words for. */
export class KafkaBench {
  private constructor(
    readonly bench: Bench,
    readonly kafka: Kafka,
    readonly admin: Admin,
  ) {}

  static async open(brokers: string | undefined, changes: Partial<KafkaLogOptions> = {}): Promise<KafkaBench> {
    const options = kafkaOptions(brokers, changes);
    const bench = await Bench.open(createKafkaLog(options));
    const kafka = new Kafka({ brokers: [...options.brokers], logLevel: logLevel.NOTHING });
    const admin = kafka.admin();
    await admin.connect();
    return new KafkaBench(bench, kafka, admin);
  }

  async transactional(id: string): Promise<Producer> {
    const producer = this.kafka.producer({ transactionalId: id, idempotent: true, maxInFlightRequests: 1 });
    await producer.connect();
    return producer;
  }

  async close(): Promise<void> {
    await this.admin.disconnect();
    await this.bench.close();
  }
}
