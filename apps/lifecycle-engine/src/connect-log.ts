import { ConfigurationError, type EngineEnvironment, IN_PROCESS } from '@perennial/config';
import { createKafkaLog } from '@perennial/kafka';
import type { Log, StreamObserver } from '@perennial/stream';
import type { Logger } from 'pino';

/** The log on the brokers of the settings; null when they say that it lives in the process. */
export function connectLog(
  { kafka }: EngineEnvironment,
  logger: Logger,
  heard: Pick<StreamObserver, 'link'> & { readonly stepped: () => void },
): Log | null {
  if (kafka === null) return null;
  const observer: StreamObserver = {
    link: heard.link,
    gap: (gap) => {
      heard.stepped();
      logger.warn(gap, 'offsets were stepped over: compacted or control records');
    },
    assigned: () => undefined,
  };
  return createKafkaLog({ ...kafka, clientId: 'lifecycle-engine', logger, observer });
}

export function missingLog(): never {
  throw new ConfigurationError([
    `KAFKA_BROKERS: ${IN_PROCESS} is for services inside \`perennial up\`; name the brokers.`,
  ]);
}
