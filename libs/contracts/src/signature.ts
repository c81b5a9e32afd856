/** Header of clock records and commands: HMAC-SHA256 over {@link signedBytes} with the installation's key, in hex. */
export const SIGNATURE_HEADER = 'perennial-signature';

const text = new TextEncoder();

/** The bytes that are signed. Type and partition are part of them, so that a signed record counts only where it was meant. */
export function signedBytes(type: string, partition: number, value: Uint8Array): Uint8Array {
  const head = text.encode(`perennial-signature-v1\n${type}\n${partition}\n`);
  const bytes = new Uint8Array(head.length + value.length);
  bytes.set(head);
  bytes.set(value, head.length);
  return bytes;
}
