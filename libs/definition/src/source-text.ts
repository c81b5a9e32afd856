/** The text of a definition's file, and places in it. */
import { LineCounter } from 'yaml';
import type { Problem } from './compiled';
import { LIMITS } from './limits';
import type { Locate, ProblemCode } from './problems';

/** The text, or why there is none. */
type SourceText = { readonly ok: true; readonly text: string } | { readonly ok: false; readonly problem: Problem };

export const TOO_LARGE = `The file has more than ${LIMITS.bytes} bytes (256 KiB). Leave out what repeats, or make two files.`;
const REMEDY = 'Save the file as UTF-8, then check its letters.';
/** First bytes of files that are something else than UTF-8. */
const MARKS: readonly (readonly [what: string, bytes: readonly number[]])[] = [
  ['UTF-32', [0xff, 0xfe, 0, 0]],
  ['UTF-16 (Windows calls it "Unicode")', [0xff, 0xfe]],
  ['UTF-16 (big endian)', [0xfe, 0xff]],
  ['a ZIP archive, such as an Excel or Word file', [0x50, 0x4b, 0x03, 0x04]],
  ['compressed with gzip', [0x1f, 0x8b]],
];

/**
 * The text of a definition's file: UTF-8, with a byte order mark or without. Nothing is guessed: an event name with a
 * letter that was read wrongly would match no event, and nobody would be told.
 */
export function readSourceText(bytes: Uint8Array): SourceText {
  if (bytes.length > LIMITS.bytes) return refused('DEFINITION.TOO_LARGE', TOO_LARGE);
  const mark = MARKS.find(([, first]) => first.every((byte, index) => bytes[index] === byte));
  if (mark !== undefined) return refused('DEFINITION.ENCODING', `The file is ${mark[0]}. ${REMEDY}`);
  const nul = bytes.indexOf(0);
  if (nul >= 0) {
    const message = `Byte ${nul} of the file is zero: the file is UTF-16 without a mark, or no text. ${REMEDY}`;
    return refused('DEFINITION.ENCODING', message, decoded(bytes.subarray(0, nul)) ?? '');
  }
  const text = decoded(bytes, false);
  if (text !== null) return { ok: true, text };
  const before = readableBeginning(bytes);
  return refused('DEFINITION.ENCODING', notUtf8(bytes, new TextEncoder().encode(before).length), before);
}

/** `before`: the text in front of what is wrong. */
function refused(code: ProblemCode, message: string, before = ''): SourceText {
  const lines = before.split('\n');
  const column = (lines.at(-1) ?? '').length + 1;
  return { ok: false, problem: { severity: 'error', code, message, line: lines.length, column } };
}

function notUtf8(bytes: Uint8Array, at: number): string {
  const wrong = bytes.subarray(at, at + 1);
  const hex = (wrong[0] ?? 0).toString(16).toUpperCase().padStart(2, '0');
  const meant = new TextDecoder('windows-1252').decode(wrong);
  return `The byte ${hex} here (byte ${at} of the file) is not UTF-8; in Latin-1 (Windows-1252) it is "${meant}". ${REMEDY}`;
}

/** `unfinished`: the last character may be incomplete, and is left out then. Null when the bytes are not UTF-8. */
function decoded(bytes: Uint8Array, unfinished = true): string | null {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: unfinished }).decode(bytes, { stream: unfinished });
  } catch {
    return null;
  }
}

/** The longest beginning that is UTF-8, found by halving: whatever is longer than it is not. */
function readableBeginning(bytes: Uint8Array): string {
  let [right, wrong] = [0, bytes.length + 1];
  while (wrong - right > 1) {
    const middle = Math.floor((right + wrong) / 2);
    if (decoded(bytes.subarray(0, middle)) === null) wrong = middle;
    else right = middle;
  }
  return decoded(bytes.subarray(0, right)) ?? '';
}

/** Lines and columns of the offsets of a source. */
export function locateIn(source: string): Locate {
  const lines = new LineCounter();
  lines.addNewLine(0);
  for (let end = source.indexOf('\n'); end >= 0; end = source.indexOf('\n', end + 1)) lines.addNewLine(end + 1);
  return (offset) => {
    const { line, col } = lines.linePos(offset);
    return { line, column: col };
  };
}

/**
 * Where character `index` of a YAML text stands in the `raw` text it is written as: plain, quoted, folded or literal.
 * Walks the raw text until it has met every character up to the wanted one; quotes, the header of a block, indentation
 * and the backslashes of escapes are skipped on the way, since they do not appear in the value.
 */
export function rawOffset(raw: string, value: string, index: number): number {
  let offset = contentStart(raw);
  for (let met = 0; met <= index; met++) {
    const wanted = value.charAt(met);
    if (isSpace(wanted)) continue;
    const found = raw.indexOf(wanted, offset);
    if (wanted === '' || found < 0) return met === index ? Math.min(offset, raw.length) : 0;
    if (met === index) return found;
    offset = found + 1;
  }
  return offset;
}

function contentStart(raw: string): number {
  const first = raw.charAt(0);
  if (first === '"' || first === "'") return 1;
  return first === '|' || first === '>' ? raw.indexOf('\n') + 1 : 0;
}

function isSpace(character: string): boolean {
  return character === ' ' || character === '\n' || character === '\t';
}
