/** The key of a record of the activity topic, from its bytes. */
import { poison, type Poison, shown } from './dead-letter';
import { customerKey, type CustomerKey, type KeyParts, parseKey } from '@perennial/values';

export interface ReadKey extends KeyParts {
  readonly kind: 'key';
  /** As it is spelled everywhere else. */
  readonly key: CustomerKey;
}

const keyText = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

export function readKey(key: Uint8Array | null): ReadKey | Poison {
  if (key === null) return poison('null-key', 'The record has no key; send tenant:customer, or the bare customer.');
  let text: string;
  try {
    text = keyText.decode(key);
  } catch {
    return poison('invalid-key', 'The key is not UTF-8; send tenant:customer as text.');
  }
  const parts = parseKey(text);
  if (parts !== null) {
    const { tenant, customer } = parts;
    const isWhole = text.length > customer.length;
    return { kind: 'key', tenant, customer, key: isWhole ? (text as CustomerKey) : customerKey(tenant, customer) };
  }
  return poison(
    'invalid-key',
    `The key is ${shown(text)}; send tenant:customer, at most 64 and 256 characters, neither empty, without NUL.`,
  );
}
