/** The first byte of a number of a profile: below SMALL it is the number; else it says how the number follows. */
export const SMALL = 0xfc;
export const NEVER_YET = 0xfd;
export const INT32 = 0xfe;
export const DOUBLE = 0xff;
