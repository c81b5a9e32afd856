import type { TenantId } from '@perennial/contracts';
import { TenantDefinitionTable } from './cold/tenant-definition';
import type { Databases } from './databases';

/** A definition of a tenant, as one partition has it: each takes it when it reads the command that published it. */
export interface PublishedDefinition {
  readonly partition: number;
  /** Oldest first, from 0. */
  readonly place: number;
  /** YAML, as it was published. */
  readonly source: string;
}

export interface PublishedDefinitions {
  /** Of all partitions, in order of partition and place. */
  of(tenant: TenantId): Promise<readonly PublishedDefinition[]>;
}

export function createPublishedDefinitions({ groups }: Databases): PublishedDefinitions {
  return {
    of: async (tenant) => {
      const order = { partition: 'ASC', place: 'ASC' } as const;
      const each = groups.map(({ database: { cold } }) =>
        cold.table(TenantDefinitionTable, (rows) => rows.find({ where: { tenant }, order })),
      );
      return (await Promise.all(each)).flat().map(({ partition, place, source }) => ({ partition, place, source }));
    },
  };
}
