/**
 * What a micro-batch publishes, as one blob: stored with it, and published from memory or, after a crash, from here.
 * Layout: its number, items, `end`. Counts are LEB128; texts and bytes have their length before them. A record is topic, partition
 * + 1 (0: none), key, value, the number of headers, and of each name and value. Key, value and those of headers are a form
 * ({@link PIECE}) and what it says.
 *
 * 1. What is read from a blob is written out to the same records, byte for byte, as what went in.
 * 2. Facts are stored as what they say, not as the JSON and headers they become: those repeat most of themselves.
 */
export const LAYOUT = 3;
/** Headers were texts, each name once; read as long as a database may hold such blobs. */
export const LAYOUT_OF_TEXT_HEADERS = 2;

/** What comes next in a blob. */
export const ITEM = { end: 0, facts: 1, record: 2 } as const;

/** Key and value of a record. */
export const PIECE = { none: 0, bytes: 1, text: 2 } as const;

/** An activity's id; often it is the one before. */
export const ID = { none: 0, same: 1, text: 2 } as const;

export const KINDS = ['stage-changed', 'signal', 'state'] as const;
export const CHANGES = ['on', 'off', 'pulse'] as const;
export const MODES = ['live', 'history'] as const;
