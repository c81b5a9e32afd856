/** Stands for "not yet" where a number of a profile is an instant. */
export const NO_INSTANT = -1e300;

/**
 * The first byte of a number of a profile says how it is written:
 *
 * | first byte | what follows |
 * | --- | --- |
 * | 0x00 to 0xfb | nothing: the byte is the number |
 * | 0xfd `NONE` | nothing: {@link NO_INSTANT} |
 * | 0xfe `INT32` | 4 bytes: int32, little-endian |
 * | 0xff `DOUBLE` | 8 bytes: IEEE 754 double, little-endian |
 */
export const SMALL = 0xfc;
export const NONE = 0xfd;
export const INT32 = 0xfe;
export const DOUBLE = 0xff;
