import { createHmac, timingSafeEqual } from 'node:crypto';
import {
  type ClockNumber,
  formatNumber,
  headerText,
  NUMBER_HEADER,
  type OutRecord,
  type Seal,
  SIGNATURE_HEADER,
  signedBytes,
  type SignedHead,
  valueBytes,
} from '@perennial/contracts';

/** What is signed, but for the number. */
export type Signed = Omit<SignedHead, 'number'> & { readonly value: Uint8Array };

/** The installation's key: signs clock records and commands, so that only its own are obeyed. */
export class Signing {
  constructor(private readonly key: Uint8Array) {}

  /**
   * The record with its number and its signature; it must name its partition. The caller draws the number: that of a command
   * from the database, that of a clock record later than all before of its processor.
   */
  sign(record: OutRecord, number: ClockNumber | number): OutRecord {
    const { topic, partition, headers } = record;
    const value = valueBytes(record);
    if (partition === undefined || value === null)
      throw new TypeError('a signed record names its partition and has a value');
    const text = formatNumber(number);
    const signature = this.digest(
      { topic, type: headerText(headers, 'ce_type') ?? '', partition, value },
      text,
    ).toString('hex');
    const seal = [
      { name: NUMBER_HEADER, value: text },
      { name: SIGNATURE_HEADER, value: signature },
    ];
    return { ...record, headers: [...headers, ...seal] };
  }

  /** Whether the installation signed this, with this number. It may have been obeyed before all the same. */
  verifies({ number, signature }: Seal, signed: Signed): boolean {
    if (number === null || signature === null) return false;
    const stated = Buffer.from(signature, 'hex');
    const expected = this.digest(signed, number);
    return stated.length === expected.length && timingSafeEqual(stated, expected);
  }

  private digest({ value, ...head }: Signed, number: string): Buffer {
    return createHmac('sha256', this.key)
      .update(signedBytes({ ...head, number }, value))
      .digest();
  }
}
