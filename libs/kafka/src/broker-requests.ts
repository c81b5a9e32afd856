import type { Broker } from 'kafkajs';

/** A request that we encode, with an answer that we decode; the rest is kafkajs' network. */
export interface BrokerRequest<Answer extends Throttled> {
  /** As kafkajs' own requests: API key and version, and how to encode. */
  readonly request: object;
  readonly decode: (answer: Buffer) => Answer | Promise<Answer>;
}

/** kafkajs reads it of every answer. */
export interface Throttled {
  readonly clientSideThrottleTime: number;
}

/** What we use of kafkajs' broker beside its types. */
interface Networked {
  readonly connectionPool: {
    send<T>(call: {
      readonly request: object;
      readonly response: {
        readonly decode: (answer: Buffer) => Promise<T>;
        readonly parse: (decoded: T) => Promise<T>;
      };
    }): Promise<T>;
  };
}

export function ask<Answer extends Throttled>(
  broker: Broker,
  { request, decode }: BrokerRequest<Answer>,
): Promise<Answer> {
  const { connectionPool } = broker as unknown as Networked;
  return connectionPool.send<Answer>({
    request,
    response: { decode: async (answer) => decode(answer), parse: (decoded) => Promise.resolve(decoded) },
  });
}
