import {
  type ClockNumber,
  clockRecord,
  type Command,
  commandRecord,
  type OutRecord,
  TOPIC,
} from '@perennial/contracts';
import { type Instant, type TenantId } from '@perennial/values';
import type { ImportPorts } from './ports';

/** Sends commands of the importer to every partition, and clock records. */
export class SignedSender {
  private clock: ClockNumber | null = null;

  constructor(
    private readonly ports: Pick<ImportPorts, 'log' | 'signing' | 'nextNumber'>,
    /** Of the activity topic. */
    readonly partitions: number,
  ) {}

  /** Under a new number. */
  async command(command: Command): Promise<void> {
    const number = await this.ports.nextNumber();
    await this.send(this.all(), number, (partition) => commandRecord(TOPIC.activity, partition, command));
  }

  /**
   * A clock record of one tenant, for one partition or (null) for each. Newer than those of all imports before: its epoch is a number of the database, drawn once by
   * each sender.
   */
  async clockOf(tenant: TenantId, at: Instant, only: number | null): Promise<void> {
    const last = this.clock ?? { processor: 'importer', epoch: await this.ports.nextNumber(), counter: 0 };
    const number: ClockNumber = { ...last, counter: last.counter + 1 };
    this.clock = number;
    const scope = { kind: 'tenant', tenant } as const;
    const partitions = only === null ? this.all() : [only];
    await this.send(partitions, number, (partition) => clockRecord(TOPIC.activity, partition, { scope, at }));
  }

  private all(): readonly number[] {
    return Array.from({ length: this.partitions }, (_, partition) => partition);
  }

  private async send(
    partitions: readonly number[],
    number: ClockNumber | number,
    record: (partition: number) => OutRecord,
  ): Promise<void> {
    const { log, signing } = this.ports;
    await log.send(partitions.map((partition) => signing.sign(record(partition), number)));
  }
}
