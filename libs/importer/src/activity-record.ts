import { activityRecord, type OutRecord } from '@perennial/contracts';
import { formatInstant, type TenantId } from '@perennial/values';
import { rowId } from './import-name';
import type { PastRow } from './ports';

/** The record of a row: a Segment message with the row's id, else with one from the import's name and the row's place. */
export function rowRecord(tenant: TenantId, importName: string, past: PastRow): OutRecord {
  const { customer, at, type, event, properties } = past;
  const { groupId, previousId } = properties;
  const message = {
    type,
    messageId: past.id ?? rowId(importName, past.row),
    userId: customer,
    ...(event === null ? {} : { event }),
    timestamp: formatInstant(at),
    ...(type === 'identify' || type === 'group' ? { traits: properties } : { properties }),
    ...(type === 'group' ? { groupId } : {}),
    ...(type === 'alias' ? { previousId } : {}),
  };
  return activityRecord(tenant, message as Parameters<typeof activityRecord>[1]);
}
