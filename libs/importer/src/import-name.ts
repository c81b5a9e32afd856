import { createHash } from 'node:crypto';
import { excerpt, InvalidInput, printable, type TenantId } from '@perennial/values';

/** What makes an import the same as another: the same command resumes it. */
export interface ImportSubject {
  /** Absolute path of a file, or the text of a query. */
  readonly input: string;
  /** As the user wrote it; null: none. */
  readonly map: string | null;
  readonly zone: string | null;
  readonly tenant: TenantId;
}

/** Hexadecimal digits of the hash in a name: 48 bits, so two subjects in a million share a name with odds of 1 in 500. */
const DIGITS = 12;
const LONGEST_NAME = 100;

/** The name of an import whose user gave none: the same for the same subject. */
export function defaultImportName(subject: ImportSubject): string {
  const { input, map, zone, tenant } = subject;
  const hash = createHash('sha256')
    .update(JSON.stringify([tenant, zone, map, input]))
    .digest('hex');
  return `import-${hash.slice(0, DIGITS)}`;
}

/** Throws `InvalidInput` for what can be no name: it becomes part of ids, which have at most 256 characters. */
export function checkImportName(name: string): string {
  if (name.length > 0 && name.length <= LONGEST_NAME && name === name.trim() && printable(name) === name) return name;
  throw new InvalidInput(
    'IMPORT.NAME',
    `--name ${name === '' ? 'is empty' : excerpt(name, LONGEST_NAME)}: 1 to ${LONGEST_NAME} characters of one line, without spaces at its ends.`,
  );
}

/** The id of a row that has none: two equal rows stay two, and a row that is sent again is known. */
export const rowId = (importName: string, row: number): string => `${importName}:${row}`;

/** Ends an import without the rest of its rows; to be typed. */
export const giveUpCommand = (name: string, tenant: TenantId): string =>
  `perennial import --give-up --name ${quoted(name)} --tenant ${quoted(tenant)}`;

/** Where a shell asks for it. */
const quoted = (text: string): string =>
  /^[\w.-]+$/.test(text) ? text : `'${text.replaceAll("'", String.raw`'\''`)}'`;
