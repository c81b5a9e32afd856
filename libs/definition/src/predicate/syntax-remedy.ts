/** What people write in place of CEL, and what to write instead. A word after a dot is the name of a field. */
const SLIPS: readonly (readonly [slip: RegExp, remedy: string])[] = [
  [/(?<![.\w])between(?!\w)/i, 'Write both limits, such as profile.orders >= 1 && profile.orders <= 3.'],
  [/(?<![.\w])and(?!\w)/i, 'For "and", write && between two whole comparisons.'],
  [/(?<![.\w])or(?!\w)/i, 'For "or", write || between two whole comparisons.'],
  [/(?<![.\w])not(?!\w)/i, 'For "not", write !( ) around the condition, such as !(profile.orders >= 3).'],
  [/(?<![.\w])(?:is|equals?)(?!\w)/i, 'To compare, write == (equal) or != (not equal).'],
  [
    /(?<![.\w])(?:greater|more|less|fewer|at least|at most|than)(?!\w)/i,
    'To compare, write > (more than), >= (at least), < (less than), <= (at most) or ==.',
  ],
  [/(?<!&)&(?!&)/, 'For "and", write && with two signs.'],
  [/(?<!\|)\|(?!\|)/, 'For "or", write || with two signs.'],
  [/=>|≥/, 'For "at least", write >= in this order.'],
  [/=<|≤/, 'For "at most", write <= in this order.'],
  [/<>|≠/, 'For "not equal", write !=.'],
  [/===/, 'For "equal", write == with two signs.'],
  [/(?<![<>=!])=(?!=)/, 'For "equal", write == with two signs.'],
  [/(?<=\d),(?=\d)/, 'Write numbers without commas: 1000 for a thousand, and a point before decimals, such as 1.5.'],
  [/[€$£¥]/, 'Write the number alone, without a currency: amounts are in minor units, so 100 EUR are 10000.'],
  [/%(?!\s*[\w(])/, 'Write a share as a number: 10 % is 0.1.'],
  [/[“”„‘’«»]/, 'These quotes are of a word processor; numbers need none.'],
  [/(?<=\d\s+)[a-z]+(?!\w)/i, 'Write the number alone; the field tells what it counts.'],
];
const GENERAL = 'Write comparisons such as profile.orders >= 3, joined by && (and) or || (or).';

/** A condition that CEL does not parse: where it goes wrong for its author, and the remedy. */
export function syntaxRemedy(text: string, offset: number): { readonly offset: number; readonly message: string } {
  const found = SLIPS.flatMap(([slip, remedy]) => {
    const index = text.search(slip);
    return index < 0 ? [] : [{ offset: index, message: `The condition cannot be read. ${remedy}` }];
  });
  const [first] = found.toSorted((a, b) => a.offset - b.offset);
  return first ?? { offset, message: `The condition cannot be read from here on. ${bracketsRemedy(text) ?? GENERAL}` };
}

function bracketsRemedy(text: string): string | null {
  const missing = text.split('(').length - text.split(')').length;
  if (missing === 0) return null;
  return missing > 0 ? 'A closing ) is missing.' : 'There is a closing ) too many; remove it.';
}
