const KIB = 1024;

/** The largest value of a record that is taken, in bytes. Topics allow a little more, so that what is larger is not lost but set aside. */
export const MAX_ACTIVITY_BYTES = 1024 * KIB;
/** Key and headers of a record that is taken, in bytes together. Leaves room for what forwarding and dead letters add. */
export const MAX_ENVELOPE_BYTES = 32 * KIB;
/** The longest text of a definition, in UTF-8 bytes. */
export const MAX_DEFINITION_BYTES = 256 * KIB;
/** Key, headers and value of the largest record the activity topic takes uncompressed; a compressed one may unpack to any size. */
export const MAX_RECORD_BYTES = MAX_ACTIVITY_BYTES + 64 * KIB;
