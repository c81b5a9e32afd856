import type { Instant } from '@perennial/values';
import { TENANT } from '../load/activity';
import type { Arrival } from './move-reader';

/** Customers that fall due. */
export interface DueGroup {
  readonly name: string;
  readonly count: number;
  /** When the customer of a number falls due. */
  readonly dueAt: (index: number) => Instant;
}

/** The moves of a group, as they arrive: each once, at its own time, in (due, key) order within its partition. */
export class DueMoves {
  /** Milliseconds from due to received, by wall time; in the order of arrival. */
  readonly lateness: number[] = [];
  /** When the last one arrived: wall time, and of `performance.now()`. */
  lastAtWall = 0;
  lastAt = 0;
  private readonly prefix: string;
  private readonly newest = new Map<number, { readonly due: Instant; readonly key: string }>();
  private disordered = 0;
  private astray = 0;

  constructor(private readonly group: DueGroup) {
    this.prefix = `${TENANT}:${group.name}-`;
  }

  get count(): number {
    return this.lateness.length;
  }

  take({ move, partition, receivedAt, receivedAtWall }: Arrival): void {
    if (move.cause !== 'timer' || !move.customer.startsWith(this.prefix)) return;
    const { at: due, customer: key } = move;
    const before = this.newest.get(partition);
    if (before !== undefined && (due < before.due || (due === before.due && key <= before.key))) this.disordered += 1;
    if (due !== this.group.dueAt(Number(key.slice(this.prefix.length)))) this.astray += 1;
    this.newest.set(partition, { due, key });
    this.lateness.push(receivedAtWall - due);
    [this.lastAt, this.lastAtWall] = [receivedAt, receivedAtWall];
  }

  get wrong(): string[] {
    const { name, count } = this.group;
    const surplus = this.count - count;
    return [
      ...(surplus === 0 ? [] : [`${name}: ${surplus} deadlines fired too often`]),
      ...(this.disordered === 0 ? [] : [`${name}: ${this.disordered} deadlines fired out of order`]),
      ...(this.astray === 0 ? [] : [`${name}: ${this.astray} deadlines fired at another time than their own`]),
    ];
  }
}
