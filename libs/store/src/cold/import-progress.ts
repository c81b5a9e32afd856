import type { Instant } from '@perennial/contracts';
import { EntitySchema } from 'typeorm';
import { bigint, instant, primary, text } from './columns';

export interface ImportProgressRow {
  name: string;
  total: number;
  acknowledged: number;
  phase: string;
  /** Counts updates, from 1; compared before each. */
  revision: number;
  updatedAt: Instant;
}

export const ImportProgressTable = new EntitySchema<ImportProgressRow>({
  name: 'import_progress',
  columns: {
    name: primary(text('name')),
    total: bigint('total'),
    acknowledged: bigint('acknowledged'),
    phase: text('phase'),
    revision: bigint('revision'),
    updatedAt: instant('updated_at'),
  },
});
