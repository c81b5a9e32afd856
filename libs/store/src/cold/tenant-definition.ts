import type { Instant } from '@perennial/values';
import { EntitySchema } from 'typeorm';
import { bigint, integer, nullable, primary, text } from './columns';

/** Written by the engine (named SQL), as its partitions read the log; read here. */
export interface TenantDefinitionRow {
  partition: number;
  tenant: string;
  /** Of the tenant in the partition, oldest first, from 0. */
  place: number;
  /** YAML, as it was published. */
  source: string;
  author: string | null;
  reason: string | null;
  publishedAt: Instant | null;
}

export const TenantDefinitionTable = new EntitySchema<TenantDefinitionRow>({
  name: 'tenant_definition',
  columns: {
    partition: primary(integer('partition')),
    tenant: primary(text('tenant')),
    place: primary(integer('place')),
    source: { name: 'source', type: 'json' },
    author: nullable(text('author')),
    reason: nullable(text('reason')),
    publishedAt: nullable(bigint('published_at')),
  },
});
