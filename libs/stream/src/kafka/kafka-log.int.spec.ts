import { kafkaOptions } from '../contract/kafka-options';
import { describeLog } from '../contract/log-contract';
import { createKafkaLog } from './kafka-log';

jest.setTimeout(30_000);

describeLog('Kafka', () => createKafkaLog(kafkaOptions(process.env.KAFKA_BROKERS)));
