const SPECIAL: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

/** Text as it may stand in HTML, attributes included. */
export const escaped = (text: string): string =>
  text.replaceAll(/[&<>"]/g, (character) => SPECIAL[character] ?? character);
