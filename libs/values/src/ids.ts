declare const brand: unique symbol;
type Brand<T, B extends string> = T & { readonly [brand]: B };

/** One company using an installation. Never contains a colon, never empty, at most 64 characters. */
export type TenantId = Brand<string, 'TenantId'>;
/** The subject of a lifecycle within a tenant. Never empty, at most 256 characters. */
export type CustomerId = Brand<string, 'CustomerId'>;
/** The record key of a customer: `tenant:customer`. */
export type CustomerKey = Brand<string, 'CustomerKey'>;

/** Milliseconds since 1970-01-01T00:00:00Z. */
export type Instant = number;
/** A length of time in milliseconds. */
export type Millis = number;

/** The tenant of a key without a colon. */
export const DEFAULT_TENANT = 'default' as TenantId;

/** Longest tenant, in UTF-16 code units. */
export const MAX_TENANT = 64;
/** Longest customer, activity id and event name, in UTF-16 code units. */
export const MAX_TEXT = 256;
/** No NUL and no half of a surrogate pair: PostgreSQL stores neither, so one record with either would stop a partition. */
export const STORABLE = /^[^\0\ud800-\udfff]*$/u;
const FIRST_SURROGATE = 0xd800;

/** Whether a text is {@link STORABLE}; the expression is asked only where there may be a surrogate. */
export function isStorable(text: string): boolean {
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code >= FIRST_SURROGATE) return STORABLE.test(text);
    if (code === 0) return false;
  }
  return true;
}

/** What a record key names: see {@link parseKey}. */
export interface KeyParts {
  readonly tenant: TenantId;
  readonly customer: CustomerId;
}

/** Null when the text cannot be a tenant. */
export function tenantId(text: string): TenantId | null {
  const fits = text.length > 0 && text.length <= MAX_TENANT && !text.includes(':') && isStorable(text);
  return fits ? (text as TenantId) : null;
}

/** Null when the text cannot be a customer. */
export function customerId(text: string): CustomerId | null {
  const fits = text.length > 0 && text.length <= MAX_TEXT && isStorable(text);
  return fits ? (text as CustomerId) : null;
}

/** Reads a record key: `tenant:customer`; without a colon the tenant is `default`. Null when a part cannot be one. */
export function parseKey(key: string): KeyParts | null {
  const colon = key.indexOf(':');
  const tenant = colon < 0 ? DEFAULT_TENANT : tenantId(key.slice(0, colon));
  const customer = customerId(key.slice(colon + 1));
  return tenant === null || customer === null ? null : { tenant, customer };
}

/** The one spelling of a customer's key, whatever the producer wrote. */
export function customerKey(tenant: TenantId, customer: CustomerId): CustomerKey {
  return `${tenant}:${customer}` as CustomerKey;
}
