import { excerpt, printable } from './printable';

describe('Untrusted text for a terminal', () => {
  it.each([
    ['\u001b[2J\u0007', '\\u001b[2J\\u0007'],
    ['a\nb\r\tc', 'a\\u000ab\\u000d\\u0009c'],
    ['\u009b31m\u007f', '\\u009b31m\\u007f'],
    ['\u202egnp.exe\u2066', '\\u202egnp.exe\\u2066'],
    ['a\u200bb\ufeff\u00ad', 'a\\u200bb\\ufeff\\u00ad'],
    ['\ud800x', '\\ud800x'],
    ['x\u{e0041}', 'x\\udb40\\udc41'],
  ])('is escaped: %j', (text, shown) => {
    expect(printable(text)).toBe(shown);
  });

  it.each(['Zoë', '山田', 'नमस्ते', 'می\u200cخواهم', '👩‍👧', 'a\u00a0b', 'e\u0301'])('stays as it is: %s', (text) => {
    expect(printable(text)).toBe(text);
  });

  it('is cut', () => {
    expect(excerpt('x'.repeat(301))).toBe(`${'x'.repeat(300)}…`);
    expect(excerpt('\u001bab', 2)).toBe('\\u001ba…');
    expect(excerpt('ab', 2)).toBe('ab');
  });
});
