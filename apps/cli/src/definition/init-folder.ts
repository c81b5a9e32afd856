/** A folder of one's own: a definition, tests of it, and what to do next. */
import { mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { excerpt, fileTrouble, InvalidInput } from '@perennial/contracts';
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
  /** The files, and the outermost folder that was not there. */
  const made: string[] = [];
  try {
    refuseUsed(folder);
    made.push(...outermost(mkdirSync(join(folder, 'tests'), { recursive: true })));
    for (const { name, text } of files) {
      const path = join(folder, name);
      made.push(path);
      writeFileSync(path, text, { flag: 'wx' });
    }
  } catch (cause) {
    for (const path of made) rmSync(path, { recursive: true, force: true });
    if (cause instanceof InvalidInput) throw cause;
    throw new InvalidInput('CLI.FOLDER', `${excerpt(folder)} cannot be written: ${fileTrouble(cause)}.`, { cause });
  }
  return files.map(({ name, about }) => ({ path: join(folder, name), about }));
}

const outermost = (created: string | undefined): readonly string[] => (created === undefined ? [] : [created]);

function refuseUsed(folder: string): void {
  const there = statSync(folder, { throwIfNoEntry: false });
  if (there === undefined) return;
  if (!there.isDirectory())
    throw new InvalidInput('CLI.FOLDER', `${excerpt(folder)} is a file. Name a folder that is not there yet.`);
  const [first] = readdirSync(folder);
  if (first === undefined) return;
  throw new InvalidInput(
    'CLI.FOLDER_USED',
    `${excerpt(folder)} has something in it (${excerpt(first, 60)}), and nothing is overwritten. Name a folder that is empty or not there yet.`,
  );
}

const textOf = (path: string): string => readFileSync(path, 'utf8');

/** The tests of a template name the definition beside them; in a folder they are one deeper. */
const testsOf = (template: Template): string =>
  textOf(testsFileOf(template)).replace(/^definition: .*$/m, 'definition: ../definition.yaml');
