import type { Instant } from '@perennial/values';
import { EntitySchema } from 'typeorm';
import { instant, primary, text } from './columns';

export interface TenantRow {
  name: string;
  createdAt: Instant;
  createdBy: string;
}

export const TenantTable = new EntitySchema<TenantRow>({
  name: 'tenant',
  columns: {
    name: primary(text('name')),
    createdAt: instant('created_at'),
    createdBy: text('created_by'),
  },
});
