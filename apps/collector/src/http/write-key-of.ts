import type { IncomingHttpHeaders } from 'node:http';

/**
 * The write key of the Authorization header: `Basic` with the key as user name, as Segment's libraries send it, or
 * `Bearer`. Null without the header; empty when it holds no key.
 */
export function writeKeyOf({ authorization }: Pick<IncomingHttpHeaders, 'authorization'>): string | null {
  if (authorization === undefined) return null;
  const [scheme = '', credentials = ''] = authorization.trim().split(/ +/, 2);
  switch (scheme.toLowerCase()) {
    case 'basic':
      return Buffer.from(credentials, 'base64').toString('utf8').split(':', 1)[0] ?? '';
    case 'bearer':
      return credentials;
    default:
      return '';
  }
}
