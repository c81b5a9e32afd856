/** A folder of one's own: a definition, tests of it, and what to do next. */
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { excerpt, fileTrouble, InvalidInput } from '@perennial/values';
import { definitionFileOf, type Template, testsFileOf } from './templates';

/** A file of the folder, and what it is for in a few words. */
interface FolderFile {
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

/** The README of a folder of one's own. Its commands are typed where `perennial init` was. */
function folderReadme(folder: string, { name, subject, example }: Template, tests: string): string {
  const path = (file: string): string => word(join(folder, file));
  const definition = path('definition.yaml');
  const { input, map, activity } = example;
  return `# A lifecycle of your own

Made by \`perennial init\` from the template \`${name}\`. Type the commands below where you typed that one.

## 1. Say what your customers do

\`definition.yaml\` says it: which events count and as what (\`activity\`), what is remembered of a customer (\`profile\`), when
something is noticed (\`signals\`), and where customers are (\`stages\`). Replace the event names by yours, and \`currency\` by the one
your amounts are in. What is wrong is told with file, line and column:

    npx perennial definition validate ${definition}
${subject === 'account' ? ACCOUNTS : ''}
## 2. Say what has to become of them

\`${tests}\` has tests: given these activities at these times, then this stage. They use the events
and the currency of the template: change them together with the definition. They need no server:

    npx perennial test ${path(tests)}

## 3. Try it on your own past

A CSV, NDJSON or Parquet file of orders or events, its columns named with \`--map\`. Nothing is stored. Times without an offset need
their zone, such as \`--zone Europe/Berlin\`:

    npx perennial replay --definition ${definition} --input ${input} \\
      --map "${map}"

## 4. Put it into service

In one terminal the development stack, until Ctrl-C:

    npx perennial up

In another one the definition, then your past:

    npx perennial definition publish ${definition} --reason "first version"
    npx perennial import --input ${input} \\
      --map "${map}"

Before it sends anything the import says what it found, and asks. When it has ended your customers are live; \`npx perennial import
--help\` says on which clock.

## 5. Look

    npx perennial definition list
    npx perennial customer show ID
    npx perennial send ID ${activity}
    npx perennial watch

## 6. Change it

Raise \`version:\` in \`definition.yaml\`, change what you want, and publish again. Customers who are there stay in their version, new ones
enter the newest:

    npx perennial definition publish ${definition} --reason "quiet after 45 days"
`;
}

const ACCOUNTS = `
The subject is an **account**, not a person: wherever a command or a message says customer, it is the account. Whoever sends an activity
gives the account's id: as \`userId\` (Segment), as \`ce-subject\` (CloudEvents), as \`customer=\` of \`--map\`, as ID below. Use by three people of an
account is use of that account. Who of them it was may stand in the properties; people of their own (contacts) come later.
`;

/** As a shell takes it for one word. */
const word = (path: string): string => (/^[\w./-]+$/.test(path) ? path : `'${path.replaceAll("'", String.raw`'\''`)}'`);
