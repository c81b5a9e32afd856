import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadService } from './service';

describe('loadService', () => {
  const dist = mkdtempSync(join(tmpdir(), 'perennial-dist-'));
  afterAll(() => {
    rmSync(dist, { recursive: true });
  });
  const built = (name: string, text: string): void => {
    mkdirSync(join(dist, 'apps', name, 'src'), { recursive: true });
    writeFileSync(join(dist, 'apps', name, 'src', 'service.js'), text);
  };

  it('starts what the built entry exports', async () => {
    built('good', 'exports.start = () => Promise.resolve({ url: "u", stop: () => Promise.resolve() });');
    const service = await loadService('good', dist);
    expect(await service.start({ environment: {}, log: null, abort: new AbortController().signal })).toMatchObject({
      url: 'u',
    });
  });

  it('says what to do when the service is not built, and what is wrong when it is no service', async () => {
    await expect(loadService('absent', dist)).rejects.toThrow('The service absent is not built. Run `npm run build`.');
    built('other', 'exports.begin = 1;');
    await expect(loadService('other', dist)).rejects.toThrow('does not export a function `start`');
  });
});
