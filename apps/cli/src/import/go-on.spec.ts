import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TenantId } from '@perennial/values';
import type { PublishedDefinitions } from '@perennial/store';
import { definitionFileOf, templateOf } from '../definition/templates';
import { clockWithoutEffect, endingOf, notPublished } from './import-request';

const asked = { name: 'orders', goLive: null, late: false } as const;
const acme = 'acme' as TenantId;

describe('the clock of an import that has begun', () => {
  it('is the one that is stored, as long as no other is asked for', () => {
    const stored = { ending: 'offset', phase: 'activities' } as const;
    expect(endingOf(asked, stored)).toBe('offset');
    expect(endingOf({ ...asked, goLive: 'wall' }, stored)).toBe('wall');
    expect(endingOf({ ...asked, late: true }, { ...stored, ending: 'late' })).toBe('late');
    expect(endingOf({ ...asked, late: true }, { ...stored, ending: 'wall' })).toBe('wall');
  });

  it('is the one that it has when it is done, and an option for another is told to have no effect', () => {
    const done = { ending: 'offset', phase: 'done' } as const;
    expect(endingOf({ ...asked, goLive: 'wall' }, done)).toBe('offset');
    expect(clockWithoutEffect({ ...asked, goLive: 'wall' }, done)).toBe(
      '--go-live wall has no effect: the import orders is done, with --go-live offset, and its tenant keeps that clock.',
    );
    expect(clockWithoutEffect({ ...asked, goLive: 'wall' }, { ...done, ending: 'late' })).toContain('with --late,');
    expect(clockWithoutEffect({ ...asked, goLive: 'offset' }, done)).toBeNull();
    expect(clockWithoutEffect(asked, done)).toBeNull();
    expect(clockWithoutEffect({ ...asked, goLive: 'wall' }, { ...done, phase: 'live' })).toBeNull();
  });
});

describe('a definition that is given to an import that has begun', () => {
  const folder = mkdtempSync(join(tmpdir(), 'perennial-go-on-'));
  const retail = templateOf('retail');
  const source = retail === null ? '' : readFileSync(definitionFileOf(retail), 'utf8');
  const next = join(folder, 'next.yaml');
  writeFileSync(next, source.replace('version: 1', 'version: 2'));
  afterAll(() => {
    rmSync(folder, { recursive: true });
  });
  const published: PublishedDefinitions = {
    of: () => Promise.resolve([{ tenant: acme, partition: 0, source, author: null, reason: null, publishedAt: null }]),
  } as unknown as PublishedDefinitions;

  it('is told not to be published, with what is in service and the command that publishes', async () => {
    expect(await notPublished({ published }, acme, 'retail')).toBeNull();
    const said = await notPublished({ published }, acme, next);
    expect(said).toContain('retail version 2 of --definition');
    expect(said).toContain('is not published: the import has begun');
    expect(said).toContain('(retail version 1 is in service)');
    expect(said).toContain('perennial definition publish FILE --reason TEXT --tenant acme');
  });

  it('is refused when it does not compile', async () => {
    const broken = join(folder, 'broken.yaml');
    writeFileSync(broken, 'name: retail\n');
    await expect(notPublished({ published }, acme, broken)).rejects.toMatchObject({ code: 'DEFINITION.INVALID' });
  });
});
