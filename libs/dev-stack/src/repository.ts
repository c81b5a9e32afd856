import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** The repository this program was built from: deploy, dist and the development stack's data are in it. */
export const repository = nearestAbove(__dirname, 'nx.json');

/** The installation's version, of package.json. */
export function version(): string {
  return (JSON.parse(readFileSync(join(repository, 'package.json'), 'utf8')) as { version: string }).version;
}

function nearestAbove(folder: string, file: string): string {
  if (existsSync(join(folder, file))) return folder;
  const above = dirname(folder);
  if (above === folder) throw new Error(`${__dirname} is not inside the repository of Perennial; run it from a clone.`);
  return nearestAbove(above, file);
}
