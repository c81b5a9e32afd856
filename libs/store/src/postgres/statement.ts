/** A prepared statement: `Values` are its parameters in order, `Row` is what it returns. */
export interface Statement<Values extends readonly unknown[], Row = never> {
  /** Unique: the server keeps the plan under it, one per connection. */
  readonly name: string;
  readonly text: string;
  /** Carries the types; undefined at run time. */
  readonly types?: (values: Values) => Row;
}

/** A statement with its parameters. */
export interface Bound<Row> {
  readonly name: string;
  readonly text: string;
  readonly values: readonly unknown[];
  readonly types?: () => Row;
}

export function bind<Values extends readonly unknown[], Row>(
  { name, text }: Statement<Values, Row>,
  ...values: NoInfer<Values>
): Bound<Row> {
  return { name, text, values };
}
