/** What systems say of files that people name wrongly. Source: https://nodejs.org/api/errors.html#common-system-errors */
const WORDS: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file or folder',
  EISDIR: 'it is a folder',
  ENOTDIR: 'a part of its path is no folder',
  EACCES: 'this user may not open it',
  EPERM: 'this user may not open it',
  ENAMETOOLONG: 'its name is too long',
  ELOOP: 'its links lead in a circle',
  ENXIO: 'it is a socket, or nobody reads it',
  EROFS: 'its disk is read-only',
  ERR_INVALID_ARG_VALUE: 'its name contains the character U+0000',
};

/** Why a file cannot be opened, in words; the system's code where there are none. */
export function fileTrouble(error: unknown): string {
  const code = typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : 'unknown reason';
  return WORDS[code] ?? code;
}
