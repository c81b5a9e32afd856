import { describeGoingOn } from './going-on';
import { onKafka } from './on-kafka';

describeGoingOn('moved to Kafka, with engine and collector alone', onKafka);
