/** Takes a text piece by piece, to keep it as characters or as bytes. */
export interface TextSink {
  /** One of few texts that come again and again. */
  fixed(text: string): void;
  plain(text: string): void;
  /** As a JSON string. */
  quoted(text: string): void;
}

/** As a string. */
export class TextWriter implements TextSink {
  text = '';

  fixed(text: string): void {
    this.text += text;
  }

  plain(text: string): void {
    this.text += text;
  }

  quoted(text: string): void {
    this.text += quoted(text);
  }
}

const SPACE = 0x20;
const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const FIRST_SURROGATE = 0xd800;

/** As JSON.stringify, which costs more for names and ids, which seldom need escapes. */
export function quoted(text: string): string {
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code < SPACE || code === QUOTE || code === BACKSLASH || code >= FIRST_SURROGATE) return JSON.stringify(text);
  }
  return `"${text}"`;
}
