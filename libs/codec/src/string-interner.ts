/** As many as the states and signals of a few definitions; a name that does not fit is decoded each time. */
const PLACES = 1024;
const LONGEST = 128;

/**
 * Strings by their UTF-8 bytes: names of states and signals are read millions of times, and decoding takes longer than looking.
 * Direct-mapped: a name takes the place of another with the same hash.
 */
export class StringInterner {
  private readonly bytes = new Array<Uint8Array | undefined>(PLACES);
  private readonly texts = new Array<string>(PLACES).fill('');

  constructor(private readonly decoder: { decode(bytes: Uint8Array): string }) {}

  read(source: Uint8Array, start: number, length: number): string {
    if (length > LONGEST) return this.decoder.decode(source.subarray(start, start + length));
    const place = placeOf(source, start, length);
    const known = this.bytes[place];
    if (known !== undefined && isAt(known, source, start, length)) return this.texts[place] ?? '';
    const bytes = source.slice(start, start + length);
    const text = this.decoder.decode(bytes);
    this.bytes[place] = bytes;
    this.texts[place] = text;
    return text;
  }
}

/** The polynomial hash of `java.lang.String.hashCode`, over bytes, from their number. */
function placeOf(source: Uint8Array, start: number, length: number): number {
  let hash = length;
  for (let at = start; at < start + length; at++) hash = Math.imul(hash, 31) + (source[at] ?? 0);
  return (hash ^ (hash >>> 13)) & (PLACES - 1);
}

function isAt(known: Uint8Array, source: Uint8Array, start: number, length: number): boolean {
  if (known.length !== length) return false;
  for (let at = 0; at < length; at++) if (known[at] !== source[start + at]) return false;
  return true;
}
