import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { repository } from '@perennial/dev-stack';
import type { PublishConnection } from '../definition/publish-definition';
import { publishSample, sampleDefinition } from './sample';

const template = readFileSync(join(repository, 'libs/definition/templates/retail.yaml'), 'utf8');
/** As the release before wrote it: labels without stages were not allowed. */
const former = template.replace(/^ {4}\w+: \[\]\n/gm, '');
const PARTITIONS = 2;

/** An installation whose partitions have these texts; what is sent to it fails. */
function anInstallation(texts: readonly string[]): PublishConnection {
  const ofPartition = texts.map((source) => ({ source, author: null, reason: null, publishedAt: null }));
  const connection = {
    published: { of: () => Promise.resolve(ofPartition) },
    reports: { customersByVersion: () => Promise.resolve(new Map()) },
    log: {
      producer: () => {
        throw new Error('something is sent');
      },
    },
    takeTurn: () => Promise.resolve({ end: () => Promise.resolve() }),
    numbers: { next: () => Promise.resolve(1) },
    partitions: PARTITIONS,
  };
  return connection as unknown as PublishConnection;
}

const tools = { say: () => undefined, signal: new AbortController().signal };

describe('the definition of the sample', () => {
  it('is the template where nothing is in service, and is sent', async () => {
    expect(await sampleDefinition(anInstallation([]))).toBe(template);
    await expect(publishSample(anInstallation([]), tools)).rejects.toThrow('something is sent');
  });

  it('is the text in service where the release before published another one of that version, and nothing is sent', async () => {
    expect(former).not.toBe(template);
    const installed = anInstallation([former, former]);
    expect(await sampleDefinition(installed)).toBe(former);
    await expect(publishSample(installed, tools)).resolves.toBeUndefined();
  });

  it('is sent to the partitions that have not taken the text that others have', async () => {
    await expect(publishSample(anInstallation([former]), tools)).rejects.toThrow('something is sent');
  });

  it('is refused beside a definition of another name', async () => {
    const shop = template.replace('name: retail', 'name: shop');
    await expect(publishSample(anInstallation([shop, shop]), tools)).rejects.toMatchObject({
      code: 'DEFINITION.OTHER_NAME',
    });
  });
});
