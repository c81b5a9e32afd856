/** How a row states its time, as the column `stating` of the table `history` has it (UTINYINT). */
export const STATING = { utc: 0, offset: 1, zone: 2, typed: 3 } as const;
export type Stating = keyof typeof STATING;

/** SQL, of a text that can be read as a time. Digits alone are milliseconds; an offset stands after the minutes. */
export function statingOf(text: string): string {
  const rest = `substr(${text}, 17)`;
  return (
    `CAST(CASE WHEN right(${text}, 1) IN ('Z', 'z') THEN ${STATING.utc} WHEN NOT contains(${text}, '-') THEN ${STATING.typed} ` +
    `WHEN contains(${rest}, '+') OR contains(${rest}, '-') THEN ${STATING.offset} ELSE ${STATING.zone} END AS UTINYINT)`
  );
}
