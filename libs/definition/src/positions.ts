import { LineCounter } from 'yaml';
import type { Locate } from './problems';

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
