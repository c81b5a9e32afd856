import type { TenantId } from '@perennial/values';
import type { PublishedDefinition } from '@perennial/engine';
import type { Databases } from '../postgres/databases';
import { type TenantDefinitionRow, TenantDefinitionTable } from '../schema/entities';

/** A definition of a tenant, as one partition has it: each takes it when it reads the command that published it. */
export interface PartitionDefinition extends PublishedDefinition {
  readonly partition: number;
  readonly tenant: TenantId;
  /** Oldest first, from 0. */
  readonly place: number;
}

export interface PublishedDefinitions {
  /** Of a tenant (null: of all), from all partitions, in order of partition, tenant and place. */
  of(tenant: TenantId | null): Promise<readonly PartitionDefinition[]>;
}

export function createPublishedDefinitions({ groups }: Databases): PublishedDefinitions {
  return {
    of: async (tenant) => {
      const order = { partition: 'ASC', tenant: 'ASC', place: 'ASC' } as const;
      const where = tenant === null ? {} : { tenant };
      const each = groups.map(({ database: { cold } }) =>
        cold.table(TenantDefinitionTable, (rows) => rows.find({ where, order })),
      );
      return (await Promise.all(each)).flat().map(definitionOf);
    },
  };
}

const definitionOf = ({ tenant, ...row }: TenantDefinitionRow): PartitionDefinition => ({
  ...row,
  tenant: tenant as TenantId,
});
