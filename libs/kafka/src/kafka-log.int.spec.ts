import { kafkaOptions } from '../fixtures/kafka-bench';
import { describeLog } from '@perennial/testing';
import { createKafkaLog } from './kafka-log';

jest.setTimeout(30_000);

describeLog('Kafka', () => createKafkaLog(kafkaOptions(process.env.KAFKA_BROKERS)));
