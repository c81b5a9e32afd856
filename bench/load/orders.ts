/**
 * Orders of new customers, three each, a thousand others apart: the first and the third change the stage. The number of an
 * order is part of its id, so whoever reads a fact knows when its order was sent.
 */
import { randomBytes } from 'node:crypto';
import type { OutRecord } from '@perennial/contracts';
import type { Instant } from '@perennial/values';
import { activityOf, ORDER } from './activity';

const BLOCK = 1_000;
const EACH = 3;
const NUMBER_AT = 24;

export class Orders {
  private readonly nonce = randomBytes(4).toString('hex');

  order(index: number, at: Instant): OutRecord {
    const customer = Math.floor(index / (EACH * BLOCK)) * BLOCK + (index % BLOCK);
    return activityOf({
      customer: `n${this.nonce}-${customer}`,
      id: `${this.prefix}${index.toString(16).padStart(12, '0')}`,
      event: ORDER,
      at,
      cents: 1_000 + (index % 9_000),
    });
  }

  /** Whether an order moves its customer. */
  static moves(index: number): boolean {
    return Math.floor((index % (EACH * BLOCK)) / BLOCK) !== 1;
  }

  /** The number of the order with this id; null when it is none of these. */
  indexOf(id: string): number | null {
    return id.startsWith(this.prefix) ? Number.parseInt(id.slice(NUMBER_AT), 16) : null;
  }

  private get prefix(): string {
    return `${this.nonce}-0000-4000-8000-`;
  }
}
