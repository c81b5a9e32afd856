type Part = string | number | null;

/** Names are those of definitions: few. What goes beyond is made each time. */
const MOST = 4_096;

/** A text that depends on up to three things of few values, made once for each combination. */
export function between(make: (a: Part, b: Part, c: Part) => string): (a: Part, b?: Part, c?: Part) => string {
  const known = new Map<Part, Map<Part, Map<Part, string>>>();
  let count = 0;
  return (a, b = null, c = null) => {
    const text = known.get(a)?.get(b)?.get(c);
    if (text !== undefined) return text;
    const made = make(a, b, c);
    if (count < MOST) {
      count += 1;
      inner(inner(known, a), b).set(c, made);
    }
    return made;
  };
}

function inner<Value>(maps: Map<Part, Map<Part, Value>>, key: Part): Map<Part, Value> {
  const found = maps.get(key) ?? new Map<Part, Value>();
  maps.set(key, found);
  return found;
}
