import { createHmac, timingSafeEqual } from 'node:crypto';
import { headerText, type OutRecord, SIGNATURE_HEADER, signedBytes, valueBytes } from '@perennial/contracts';

/** The installation's key: signs clock records and commands, so that only its own are obeyed. */
export class Signing {
  constructor(private readonly key: Uint8Array) {}

  /** The record with its signature; it must name its partition. */
  sign(record: OutRecord): OutRecord {
    const { partition, headers } = record;
    const value = valueBytes(record);
    if (partition === undefined || value === null)
      throw new TypeError('a signed record names its partition and has a value');
    const signature = this.digest(headerText(headers, 'ce_type') ?? '', partition, value).toString('hex');
    return { ...record, headers: [...headers, { name: SIGNATURE_HEADER, value: signature }] };
  }

  verifies(signature: string | null, type: string, partition: number, value: Uint8Array): boolean {
    if (signature === null) return false;
    const stated = Buffer.from(signature, 'hex');
    const expected = this.digest(type, partition, value);
    return stated.length === expected.length && timingSafeEqual(stated, expected);
  }

  private digest(type: string, partition: number, value: Uint8Array): Buffer {
    return createHmac('sha256', this.key)
      .update(signedBytes(type, partition, value))
      .digest();
  }
}
