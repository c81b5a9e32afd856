/** A folder of one's own: a definition, tests of it, and what to do next. */
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { excerpt, fileTrouble, InvalidInput } from '@perennial/values';
import { folderReadme } from './folder-readme';
import { definitionFileOf, type Template, testsFileOf } from './templates';

/** A file of the folder, and what it is for in a few words. */
export interface FolderFile {
  readonly path: string;
  readonly about: string;
}

/**
 * Writes the folder, which may exist as long as it has nothing in it. Answers its files in the order in which one looks at them.
 * Throws `InvalidInput` when it has something in it, or cannot be written; then nothing of it is left.
 */
export function initFolder(folder: string, template: Template): readonly FolderFile[] {
  const tests = join('tests', `${template.name}.lifecycle.yaml`);
  const files = [
    {
      name: 'definition.yaml',
      about: 'the lifecycle: what counts as activity, what is remembered, signals, stages',
      text: textOf(definitionFileOf(template)),
    },
    { name: tests, about: 'what has to become of customers, as tests', text: testsOf(template) },
    { name: 'README.md', about: 'what to do next', text: folderReadme(folder, template, tests) },
  ];
  refuseUsed(folder);
  let created: string | undefined;
  try {
    created = mkdirSync(join(folder, 'tests'), { recursive: true });
    for (const { name, text } of files) writeFileSync(join(folder, name), text, { flag: 'wx' });
  } catch (cause) {
    // The folder had nothing in it, so all that is in it now came from here.
    for (const name of entriesOf(folder)) rmSync(join(folder, name), { recursive: true });
    if (created !== undefined) rmSync(created, { recursive: true, force: true });
    throw unwritable(folder, cause);
  }
  return files.map(({ name, about }) => ({ path: join(folder, name), about }));
}

function refuseUsed(folder: string): void {
  const [first] = entriesOf(folder);
  if (first === undefined) return;
  throw new InvalidInput(
    'CLI.FOLDER_USED',
    `${excerpt(folder)} has something in it (${excerpt(first, 60)}), and nothing is overwritten. Name a folder that is empty or not there yet.`,
  );
}

/** Of a folder that is not there: none. Throws `InvalidInput` for what is no folder. */
function entriesOf(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw unwritable(folder, cause);
  }
}

const unwritable = (folder: string, cause: unknown): InvalidInput =>
  new InvalidInput('CLI.FOLDER', `${excerpt(folder)} cannot be made a folder: ${fileTrouble(cause)}.`, { cause });

const textOf = (path: string): string => readFileSync(path, 'utf8');

/** The tests of a template name the definition beside them; in a folder they are one deeper. */
const testsOf = (template: Template): string =>
  textOf(testsFileOf(template)).replace(/^definition: .*$/m, 'definition: ../definition.yaml');
