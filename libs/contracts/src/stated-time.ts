const TIMES = ['timestamp', 'originalTimestamp', 'sentAt'] as const;

/** The field that says when a message's activity took place: the first that is there. */
export function statedTime(message: { readonly [Field in (typeof TIMES)[number]]?: unknown }):
  | (typeof TIMES)[number]
  | null {
  return TIMES.find((field) => (message[field] ?? null) !== null) ?? null;
}
