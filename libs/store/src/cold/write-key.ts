import type { Instant } from '@perennial/values';
import { EntitySchema } from 'typeorm';
import { bigint, instant, nullable, primary, text } from './columns';

export interface WriteKeyRow {
  /** Made by the server. */
  id: number;
  tenant: string;
  /** 32 bytes, see `hashWriteKey`. */
  hash: Buffer;
  label: string | null;
  createdAt: Instant;
  createdBy: string;
  /** Null: in force. */
  revokedAt: Instant | null;
  revokedBy: string | null;
}

export const WriteKeyTable = new EntitySchema<WriteKeyRow>({
  name: 'write_key',
  columns: {
    id: { ...primary(bigint('id')), generated: true },
    tenant: text('tenant'),
    hash: { name: 'hash', type: 'bytea' },
    label: nullable(text('label')),
    createdAt: instant('created_at'),
    createdBy: text('created_by'),
    revokedAt: nullable(instant('revoked_at')),
    revokedBy: nullable(text('revoked_by')),
  },
});
