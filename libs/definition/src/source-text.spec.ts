import fc from 'fast-check';
import { SHOP } from '../fixtures/problem-cases';
import { compile, compileBytes } from './compile';
import { readSourceText } from './source-text';

const VISITE = SHOP.replaceAll('event: Visit', 'event: Visité');
const utf8 = new TextEncoder();
const bytesOf = (...bytes: readonly number[]): Uint8Array => Uint8Array.from(bytes);

describe('the bytes of a definition', () => {
  it('are UTF-8, with a byte order mark or without', () => {
    const compiled = compileBytes(utf8.encode(VISITE));
    expect(compiled).toMatchObject({ ok: true, definition: { source: VISITE } });
    expect(compileBytes(utf8.encode(`\ufeff${VISITE}`))).toMatchObject({ ok: true, definition: { source: VISITE } });
  });

  it('that are Latin-1 are refused where the first such letter stands', () => {
    const latin1 = Buffer.from(VISITE, 'latin1');
    const message: unknown = expect.stringMatching(/byte E9 .* it is "é"\. Save the file as UTF-8/);
    const [problem] = problemsOf(latin1);
    expect(problem).toMatchObject({ code: 'DEFINITION.ENCODING', line: 7, column: 19, message });
  });

  it.each([
    ['UTF-16 of Windows', Buffer.from(`\ufeff${SHOP}`, 'utf16le'), /is UTF-16/, 1, 1],
    ['UTF-16, big endian', Buffer.from(`\ufeff${SHOP}`, 'utf16le').swap16(), /is UTF-16/, 1, 1],
    ['UTF-16 without a mark', Buffer.from(SHOP, 'utf16le'), /Byte 1 of the file is zero/, 1, 2],
    ['a ZIP archive', bytesOf(0x50, 0x4b, 3, 4, 1), /Excel/, 1, 1],
    ['gzip', bytesOf(0x1f, 0x8b, 8), /gzip/, 1, 1],
    ['cut within a letter', utf8.encode('a: 1\nb: é').slice(0, -1), /The byte C3 here \(byte 8/, 2, 4],
    ['half a pair of UTF-16', bytesOf(0x61, 0xed, 0xa0, 0x80), /The byte ED here/, 1, 2],
    ['too many', utf8.encode('é'.repeat(131_073)), /more than 262144 bytes/, 1, 1],
  ])('that are %s are refused, with the remedy', (_what, bytes, says, line, column) => {
    const message: unknown = expect.stringMatching(says);
    expect(problemsOf(bytes)).toEqual([expect.objectContaining({ severity: 'error', line, column, message })]);
  });

  it('are refused exactly where a strict decoder fails', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.uint8Array({ maxLength: 8 }), (text, rest) => {
        const bytes = new Uint8Array([...utf8.encode(text), ...rest]);
        const read = readSourceText(bytes);
        if (bytes.includes(0)) expect(read.ok).toBe(false);
        else expect(read.ok ? read.text : null).toBe(strictly(bytes));
      }),
    );
  });

  it('may have lost letters before: the character that stands for one is refused', () => {
    const [problem] = problemsOf(utf8.encode(VISITE.replace('é', '\ufffd')));
    expect(problem).toMatchObject({ code: 'DEFINITION.ENCODING', line: 7, column: 19 });
    expect(compile(VISITE.replace('é', '\ufffd')).ok).toBe(false);
  });
});

function problemsOf(bytes: Uint8Array) {
  const compiled = compileBytes(bytes);
  return compiled.ok ? [] : compiled.problems;
}

/** What the platform's strict decoder makes of it; null for what is refused. */
function strictly(bytes: Uint8Array): string | null {
  if (
    [
      [0xff, 0xfe],
      [0xfe, 0xff],
      [0x1f, 0x8b],
    ].some(([a, b]) => bytes[0] === a && bytes[1] === b)
  )
    return null;
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return null;
  }
}
