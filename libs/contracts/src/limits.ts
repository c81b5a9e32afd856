const KIB = 1024;

/** The largest value of a record that is taken, in bytes. Topics allow a little more, so that what is larger is not lost but set aside. */
export const MAX_ACTIVITY_BYTES = 1024 * KIB;
/** Key and headers of a record that is taken, in bytes together, ten more for each header. */
export const MAX_ENVELOPE_BYTES = 32 * KIB;
/** What forwarding adds to the headers at most; a record with headers of forwarding is taken with so much more. */
export const MAX_FORWARDING_BYTES = 512;
/** The longest text of a definition, in UTF-8 bytes. */
export const MAX_DEFINITION_BYTES = 256 * KIB;
/** Who published a definition, in UTF-16 code units. */
export const MAX_AUTHOR = 200;
/** Why, in UTF-16 code units. */
export const MAX_REASON = 1_000;
/** Key, headers and value of the largest record the activity topic takes uncompressed; a compressed one may unpack to any size. */
export const MAX_RECORD_BYTES = MAX_ACTIVITY_BYTES + 64 * KIB;
/** The largest record of the dead-letter topic: room for the headers that say why, and for framing. */
export const MAX_DEAD_LETTER_BYTES = MAX_RECORD_BYTES + 64 * KIB;
