/**
 * A parameter for the driver. Arrays are written out here: the driver quotes each element with two regular expressions,
 * which takes several times as long. What JSON would have to escape is left to the driver.
 */
export function parameter(value: unknown): unknown {
  if (!Array.isArray(value)) return value;
  const all: readonly unknown[] = value;
  if (all.every((one) => typeof one === 'number')) return `{${all.join(',')}}`;
  if (!all.every((one) => typeof one === 'string')) return value;
  const json = JSON.stringify(all);
  return json.includes('\\') ? value : `{${json.slice(1, -1)}}`;
}
