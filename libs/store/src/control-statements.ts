/** The statements of a micro-batch for what commands and clock records changed; none for what they did not touch. */
import type { ClockPosition, TenantChange, EngineCommit } from '@perennial/engine';
import { type ClockRow, forgetCommands, writeClocks, writeCommands } from './sql/used-numbers';
import { writeDefinitions, writeTenantClocks, writeTenants } from './sql/write-tenants';
import { bind, type Bound } from './statement';

export function controlStatements(
  partition: number,
  { tenants, numbers: { clocks, commands, commandsFrom } }: Pick<EngineCommit, 'tenants' | 'numbers'>,
): readonly Bound<unknown>[] {
  return [
    ...settings(partition, tenants),
    ...definitions(partition, tenants),
    ...newest(partition, tenants),
    ...(clocks.length === 0 ? [] : [positions(partition, clocks)]),
    ...(commandsFrom === null ? [] : [bind(forgetCommands, partition, commandsFrom)]),
    ...(commands.length === 0 ? [] : [bind(writeCommands, partition, commands)]),
  ];
}

function settings(partition: number, changes: readonly TenantChange[]): readonly Bound<unknown>[] {
  const rows = changes.filter(({ source }) => source !== undefined);
  if (rows.length === 0) return [];
  const json = (values: readonly unknown[]): string[] => values.map((value) => JSON.stringify(value));
  const [sources, bootstraps] = [rows.map((row) => row.source), rows.map((row) => row.bootstrap)];
  return [bind(writeTenants, partition, tenantsOf(rows), json(sources), json(bootstraps))];
}

function definitions(partition: number, changes: readonly TenantChange[]): readonly Bound<unknown>[] {
  const rows = changes.flatMap(({ tenant, definitions: published = [] }) =>
    published.map((definition, place) => ({ tenant, place, ...definition })),
  );
  if (rows.length === 0) return [];
  return [
    bind(
      writeDefinitions,
      partition,
      tenantsOf(rows),
      rows.map((row) => row.place),
      rows.map((row) => JSON.stringify(row.source)),
      rows.map((row) => row.author),
      rows.map((row) => row.reason),
      rows.map((row) => row.publishedAt),
    ),
  ];
}

function newest(partition: number, changes: readonly TenantChange[]): readonly Bound<unknown>[] {
  const rows = changes.flatMap(({ tenant, newestAt }) => (newestAt == null ? [] : [{ tenant, newestAt }]));
  if (rows.length === 0) return [];
  const times = rows.map((row) => row.newestAt);
  return [bind(writeTenantClocks, partition, tenantsOf(rows), times)];
}

function positions(partition: number, clocks: readonly ClockPosition[]): Bound<unknown> {
  return bind(
    writeClocks,
    partition,
    clocks.map((clock) => clock.processor),
    clocks.map((clock) => clock.tenant ?? LIVE),
    clocks.map((clock) => clock.epoch),
    clocks.map((clock) => clock.counter),
    clocks.map((clock) => clock.at),
  );
}

/** As stored: all live tenants. */
const LIVE = '';

export const positionOf = ({ tenant, ...row }: ClockRow): ClockPosition => ({
  ...row,
  tenant: tenant === LIVE ? null : (tenant as ClockPosition['tenant']),
});

const tenantsOf = (rows: readonly Pick<TenantChange, 'tenant'>[]): string[] => rows.map((row) => row.tenant);
