import type { EntitySchema } from 'typeorm';
import { DeadLetterResolutionTable } from './dead-letter-resolution';
import { ImportProgressTable } from './import-progress';
import { PartitionSkipTable } from './partition-skip';
import { TenantTable } from './tenant';
import { TenantDefinitionTable } from './tenant-definition';
import { WriteKeyTable } from './write-key';

/** Every cold table. Migrations make them; TypeORM only reads and writes. */
export const entities: EntitySchema[] = [
  ImportProgressTable,
  DeadLetterResolutionTable,
  PartitionSkipTable,
  TenantDefinitionTable,
  TenantTable,
  WriteKeyTable,
];
