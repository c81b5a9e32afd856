import type { Instant } from '@perennial/values';
import { EntitySchema } from 'typeorm';
import { bigint, instant, nullable, primary, text } from './columns';

export interface ImportProgressRow {
  name: string;
  tenant: string;
  /** As the user wrote it. */
  input: string;
  /** Null: begun by a release that kept none. */
  fingerprint: string | null;
  ending: string;
  /** Null: as of `fingerprint`. */
  newest: Instant | null;
  total: number;
  acknowledged: number;
  phase: string;
  /** Null: as of `fingerprint`; so the next. */
  startedBy: string | null;
  startedAt: Instant | null;
  /** Counts updates, from 1; compared before each. */
  revision: number;
  updatedAt: Instant;
}

export const ImportProgressTable = new EntitySchema<ImportProgressRow>({
  name: 'import_progress',
  columns: {
    name: primary(text('name')),
    tenant: text('tenant'),
    input: text('input'),
    fingerprint: nullable(text('fingerprint')),
    ending: text('ending'),
    newest: nullable(bigint('newest_at')),
    total: bigint('total'),
    acknowledged: bigint('acknowledged'),
    phase: text('phase'),
    startedBy: nullable(text('started_by')),
    startedAt: nullable(instant('started_at')),
    revision: bigint('revision'),
    updatedAt: instant('updated_at'),
  },
});
