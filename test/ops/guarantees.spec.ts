import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const docs = join(__dirname, '../../docs');
const text = readFileSync(join(docs, 'guarantees.md'), 'utf8');
const links = [...text.matchAll(/\[([^\]]+)\]\(([^)]+)\)/g)].map(([, title = '', target = '']) => ({ title, target }));
const proofs = links.filter(({ target }) => target.endsWith('.spec.ts'));

describe('docs/guarantees.md', () => {
  it.each(proofs)('names a test that exists: $title', ({ title, target }) => {
    const spec = readFileSync(join(docs, target), 'utf8');
    expect(spec).toContain(title);
  });

  it('proves each claim of its tables', () => {
    const tables = text.split('\n\n').filter((block) => block.startsWith('| claim'));
    const rows = tables.flatMap((table) => table.split('\n').slice(2));
    expect(rows.length).toBeGreaterThan(10);
    expect(rows.filter((row) => !row.includes('.spec.ts)'))).toEqual([]);
  });

  it('links to places that exist', () => {
    const anchors = new Set(
      [...text.matchAll(/^#+ (.*)$/gm)].map(
        ([, heading = '']) =>
          `#${heading
            .toLowerCase()
            .replace(/[^\w\s-]/g, '')
            .replace(/\s/g, '-')}`,
      ),
    );
    const broken = links.filter(({ target }) =>
      target.startsWith('#') ? !anchors.has(target) : !existsSync(join(docs, target)),
    );
    expect(broken).toEqual([]);
  });
});
