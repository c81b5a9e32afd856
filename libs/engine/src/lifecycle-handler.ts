/** The lifecycle of customers as a service of the processor: receive → dedupe → advance → fold → signal → step, for one partition. */
import type { ByteSlice, ByteWriter } from '@perennial/codec';
import type { LogRecord, Poison, ReadKey } from '@perennial/contracts';
import { type CustomerState, writeState } from '@perennial/lifecycle';
import type { DueDeadline, DueRequest, Handler } from '@perennial/processor';
import type { EngineChange, EngineHeld } from './control-state';
import { BatchCounters } from './counters';
import { ActivityHandler } from './handlers/activity';
import { ClockHandler } from './handlers/clock';
import { CommandHandler } from './handlers/command';
import { deadLetter } from './handlers/input-ref';
import type { Lifecycle, LifecycleBatch } from './lifecycle-types';
import type { EngineLimits } from './limits';
import type { EngineObserver } from './observer';
import { OutboxWriter } from './outbox/write-outbox';
import { type Received, type ReceivedClock, receive } from './receive';
import type { Signing } from './signing';
import type { Plans } from './tenants/plans';
import { EngineClocks } from './tenants/tenant-clocks';
import { Tenants } from './tenants/tenants';
import { UsedNumbers } from './used-numbers';

/** What all partitions of an engine share. */
interface LifecycleParts {
  readonly signing: Signing;
  readonly plans: Plans;
  /** How many the activity topic has. */
  readonly partitions: number;
  readonly limits: EngineLimits;
  readonly observer: EngineObserver;
}

/** Handles the inputs of one claimed partition; what it knows of tenants and numbers begins as the claim found it. */
export class LifecycleHandler implements Handler<Lifecycle> {
  readonly outbox = new OutboxWriter();
  readonly clocks: EngineClocks;
  private readonly tenants: Tenants;
  private readonly numbers: UsedNumbers;
  private readonly activities: ActivityHandler;
  private readonly clockRecords: ClockHandler;
  private readonly commands: CommandHandler;

  constructor(
    private readonly parts: LifecycleParts,
    private readonly partition: number,
    held: EngineHeld,
  ) {
    const { plans, partitions, limits, observer, signing } = parts;
    const tenants = new Tenants(plans, held.tenants);
    const numbers = new UsedNumbers(held.numbers);
    this.tenants = tenants;
    this.numbers = numbers;
    this.activities = new ActivityHandler(partition, partitions, tenants);
    this.clockRecords = new ClockHandler(partition, tenants, numbers.clocks, limits, observer);
    this.commands = new CommandHandler(partition, tenants, numbers.commands);
    this.clocks = new EngineClocks(partition, tenants, numbers.clocks, signing);
  }

  count(): BatchCounters {
    return new BatchCounters();
  }

  receive(record: LogRecord, key: ReadKey | Poison): Received | ReceivedClock {
    return receive(record, key, this.partition, this.parts.signing, this.numbers.clocks);
  }

  handle(batch: LifecycleBatch, record: LogRecord, input: Received): number {
    switch (input.kind) {
      case 'activity':
        return this.activities.handle(batch, record, input);
      case 'command':
        this.commands.handle(batch, record, input);
        return 0;
      case 'repeated-clock':
        this.clockRecords.repeated(batch, input);
        return 0;
      case 'poison':
        deadLetter(batch, record, this.partition, input);
        return 0;
    }
  }

  due(batch: LifecycleBatch, record: LogRecord, clock: ReceivedClock): DueRequest | null {
    return this.clockRecords.due(batch, record, clock);
  }

  fire(batch: LifecycleBatch, record: LogRecord, clock: ReceivedClock, due: readonly DueDeadline[]): number {
    return this.clockRecords.fire(batch, record, clock, due);
  }

  deserialize(key: string, bytes: ByteSlice): CustomerState {
    return this.tenants.deserialize(key, bytes);
  }

  serialize(writer: ByteWriter, state: CustomerState): void {
    writeState(writer, state);
  }

  /** The stage. */
  label(state: CustomerState): string {
    return state.regions[0]?.configuration.top ?? '';
  }

  takeChange(counters: BatchCounters): EngineChange {
    return {
      tenants: this.tenants.takeChanged(),
      numbers: this.numbers.takeChanged(),
      totals: counters.totals(),
    };
  }

  committed(counters: BatchCounters): void {
    counters.report(this.parts.observer, this.partition);
  }
}
