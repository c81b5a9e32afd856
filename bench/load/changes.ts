import type { LayoutWriter } from '../layouts/layout';
import { keyOf } from './activity';
import { type MicroBatches, microBatches } from './micro-batches';
import { Random } from './random';
import { STATE_BYTES } from '../run/state-table';

/** Packed states differ in where in this they begin. */
const ROOM = 64 * 1024;

/** The changed states of a run, drawn once for all layouts: customers' numbers only, states are made when they are written. */
export class Changes {
  readonly states: number;
  /** Sum of the newest versions of all customers. */
  readonly versions: number;
  private readonly batches: readonly (readonly Uint32Array[])[];
  private readonly room = new Uint8Array(ROOM);

  constructor(settings: MicroBatches, states: number) {
    const { partitions, changed, customers, seed } = settings;
    const each = Math.ceil(states / partitions / changed);
    this.batches = Array.from({ length: partitions }, (_, partition) => microBatches(settings, partition, each));
    this.states = each * partitions * changed;
    const random = new Random(seed);
    for (let at = 0; at < ROOM; at++) this.room[at] = random.below(256);
    const newest = new Uint32Array(customers + 1);
    for (const batches of this.batches)
      for (const [index, batch] of batches.entries()) for (const customer of batch) newest[customer] = index + 1;
    this.versions = newest.reduce((sum, version) => sum + version, 0);
  }

  /** All partitions at the same time; tells how many states are durable. */
  async writeTo(writer: LayoutWriter, progress: (done: number) => void): Promise<void> {
    let done = 0;
    const writePartition = async (batches: readonly Uint32Array[], partition: number): Promise<void> => {
      for (const [index, batch] of batches.entries()) {
        await writer.write(
          partition,
          index + 1,
          Array.from(batch, (customer) => this.stateOf(customer, index + 1)),
        );
        progress((done += batch.length));
      }
    };
    await Promise.all(this.batches.map(writePartition));
  }

  private stateOf(customer: number, version: number) {
    const from = (customer * 31 + version * 17) % (ROOM - STATE_BYTES);
    return {
      key: keyOf(`c${customer}`),
      label: 'in-life',
      version,
      packed: this.room.subarray(from, from + STATE_BYTES),
    };
  }
}
