import { Controller, Inject } from '@nestjs/common';
import { EventPattern, Payload } from '@nestjs/microservices';
import { type LogBatch, TOPIC } from '@perennial/contracts';
import type { Engine } from '@perennial/engine';
import { ENGINE } from './tokens';

/** Hands batches of the activity topic to the engine, which queues them: a batch is taken when this returns. */
@Controller()
export class ActivityConsumer {
  constructor(@Inject(ENGINE) private readonly engine: Engine) {}

  @EventPattern(TOPIC.activity)
  take(@Payload() batch: LogBatch): void {
    this.engine.receive(batch);
  }
}
