import type { Field } from '../compiled';
import type { FieldEntry } from '../profile/field-shape';

/** What an expression can know of a field of the profile. */
export interface ScopeField {
  /** Its place in the definition's fields. */
  readonly index: number;
  readonly kind: Field['kind'] | 'unknown';
}
/** The declared fields by name, those with mistakes of their own included, so that one mistake is reported once. */
export type Scope = ReadonlyMap<string, ScopeField>;

export function scopeOf(entries: readonly FieldEntry[], fields: readonly Field[]): Scope {
  return new Map(
    entries.map(({ name }) => {
      const index = fields.findIndex((field) => field.name === name.value);
      return [name.value, { index, kind: fields[index]?.kind ?? 'unknown' }];
    }),
  );
}

/** What a `gaps` field has. */
export const GAP_PARTS = ['count', 'meanLog', 'spreadLog', 'typicalDays'] as const;
export type GapPart = (typeof GAP_PARTS)[number];
