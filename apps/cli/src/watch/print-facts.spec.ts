import type { LogRecord } from '@perennial/contracts';
import type { TenantId } from '@perennial/values';
import { createTerminal } from '@perennial/command-line';
import { printFacts, type WatchedFacts } from './follow-facts';

const everybody: WatchedFacts = { tenant: null, customer: null, json: false };
const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

function aMove(tenant: string, customer: string, region = 'stage'): LogRecord {
  const cause = { kind: 'activity', signal: 'back', activityId: null };
  const value = { customer, region, path: 'dormancy → activation', occurredAt: '2026-01-02T00:00:00.000Z', cause };
  return {
    ...{ offset: 0, timestamp: 0, headers: [] },
    key: bytes(`${tenant}:${customer}`),
    value: bytes(JSON.stringify(value)),
  };
}

const THREE = [aMove('default', 'ann'), aMove('acme', 'ann'), aMove('acme', 'bob')];

function printed(watched: WatchedFacts, records = THREE): readonly string[] {
  let text = '';
  const terminal = createTerminal(
    (some) => void (text += some),
    () => undefined,
  );
  printFacts({ topic: 'lifecycle.customer.stage-changed.v1', records }, watched, terminal);
  return text.trim().split('\n');
}

describe('watch', () => {
  it('tells customers of one name in two tenants apart', () => {
    expect(printed(everybody).map((line) => line.split('  ')[1])).toEqual(['ann', 'acme:ann', 'acme:bob']);
  });

  it('names the region of a move that is not one of the stages', () => {
    expect(printed(everybody, [aMove('default', 'ann', 'contract')])).toEqual([
      '2026-01-02T00:00:00Z  ann  contract: dormancy → activation  (activity: back)',
    ]);
  });

  it('prints one tenant, and in it one customer, when asked to', () => {
    const acme = { ...everybody, tenant: 'acme' as TenantId };
    expect(printed(acme)).toHaveLength(2);
    expect(printed({ ...acme, customer: 'bob' })).toEqual([
      '2026-01-02T00:00:00Z  acme:bob  dormancy → activation  (activity: back)',
    ]);
  });
});
