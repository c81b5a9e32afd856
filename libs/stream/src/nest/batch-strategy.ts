import { Server, type CustomTransportStrategy, type MessageHandler } from '@nestjs/microservices';
import { type LogBatch } from '@perennial/contracts';
import { InvalidInput, InvariantViolation } from '@perennial/values';
import { isObservable, lastValueFrom } from 'rxjs';
import type { ConsumerHandlers, LogConsumer } from '../port';

export interface BatchStrategyOptions extends Pick<ConsumerHandlers, 'claim' | 'revoke' | 'stopped'> {
  /** Topic of the consumer, and pattern of its one `@EventPattern` handler. */
  readonly topic: string;
}

/**
 * Runs a consumer for Nest: whole batches go to the `@EventPattern(topic)` handler of the application. A batch is done
 * when its handler is. A handler that fails stops its partition (`stopped`); Nest logs the error itself and passes on
 * "Internal server error", unless a filter of the application says more.
 */
export class BatchStrategy extends Server implements CustomTransportStrategy {
  /** Failures reach the consumer, so Nest need not report them. */
  override readonly propagatesEventHandlerErrors = true;

  constructor(
    private readonly consumer: LogConsumer,
    private readonly options: BatchStrategyOptions,
  ) {
    super();
  }

  listen(done: (error?: unknown) => void): void {
    this.start().then(() => {
      done();
    }, done);
  }

  async close(): Promise<void> {
    await this.consumer.stop();
  }

  on(): never {
    throw new InvariantViolation('STREAM.NO_EVENTS', 'this strategy emits no events; the log has an observer');
  }

  // eslint-disable-next-line @typescript-eslint/no-unnecessary-type-parameters -- signature of Nest's Server
  unwrap<T>(): T {
    return this.consumer as T;
  }

  private async start(): Promise<void> {
    const handler = this.onlyHandler();
    await this.consumer.start({
      claim: (partition) => this.options.claim(partition),
      revoke: (partitions) => {
        this.options.revoke(partitions);
      },
      batch: (batch) => settle(handler, batch),
      stopped: (partition, reason) => {
        this.options.stopped(partition, reason);
      },
    });
  }

  private onlyHandler(): MessageHandler {
    const { topic } = this.options;
    const handler = this.messageHandlers.get(topic);
    if (handler === undefined) {
      throw new InvalidInput('STREAM.NO_HANDLER', `no @EventPattern('${topic}') takes the batches of topic ${topic}`);
    }
    if (handler.next !== undefined) {
      throw new InvalidInput('STREAM.TWO_HANDLERS', `topic ${topic} has several @EventPattern handlers; it takes one`);
    }
    return handler;
  }
}

async function settle(handler: MessageHandler, batch: LogBatch): Promise<void> {
  try {
    const result: unknown = await handler(batch);
    if (isObservable(result)) await lastValueFrom(result, { defaultValue: undefined });
  } catch (error) {
    throw error instanceof Error ? error : new InvariantViolation('STREAM.HANDLER_FAILED', saidBy(error));
  }
}

/** Nest turns errors into `{ status, message }`. */
function saidBy(error: unknown): string {
  const said = typeof error === 'object' && error !== null && 'message' in error ? error.message : error;
  return `the handler failed: ${String(said)}`;
}
