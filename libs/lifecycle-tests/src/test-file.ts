import { inFamily, locateIn, Problems, readSourceText, readTree } from '@perennial/definition';
import type { Problem } from '@perennial/definition';
import type { Position } from './lifecycle-test';
import { FAMILY } from './problem-codes';
import type { TestProblems } from './problem-codes';
import { testFileShape } from './shape/test-file-shape';
import type { WrittenTestFile } from './shape/test-file-shape';

/** A file whose form is right. Its names are looked up once its definition is there. */
export interface ReadFile {
  readonly written: WrittenTestFile;
  readonly locate: (offset: number) => Position;
  /** A path from the file, or the name of a template. */
  readonly definition: { readonly value: string } & Position;
}

export type ReadTestFile =
  | { readonly ok: true; readonly file: ReadFile }
  | { readonly ok: false; readonly problems: readonly Problem[] };

/** Reads the bytes of a test file. Never throws: what is wrong comes back with line and column, all at once. */
export function readTestFile(bytes: Uint8Array): ReadTestFile {
  const source = readSourceText(bytes);
  if (!source.ok) return { ok: false, problems: [{ ...source.problem, code: inFamily(source.problem.code, FAMILY) }] };
  const locate = locateIn(source.text);
  const problems: TestProblems = new Problems(locate, FAMILY);
  const tree = readTree(source.text, problems);
  const written = tree === null ? null : testFileShape.read(tree, problems);
  const definition = written?.definition;
  if (written === null || definition === undefined || problems.failed) return { ok: false, problems: problems.list() };
  return { ok: true, file: { written, locate, definition: { value: definition.value, ...locate(definition.at) } } };
}
