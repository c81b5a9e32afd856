/**
 * What a micro-batch publishes, as one blob: stored with it, and published from memory or, after a crash, from here.
 *
 * 1. What is read from a blob is written out to the same records, byte for byte, as what went in.
 * 2. Facts are stored as what they say, not as the JSON and headers they become: those repeat most of themselves.
 */
export const LAYOUT = 2;

/** What comes next in a blob. */
export const ITEM = { end: 0, facts: 1, record: 2 } as const;

/** Key and value of a record. */
export const PIECE = { none: 0, bytes: 1, text: 2 } as const;

/** An activity's id; often it is the one before. */
export const ID = { none: 0, same: 1, text: 2 } as const;

export const KINDS = ['stage-changed', 'signal', 'state'] as const;
export const CHANGES = ['on', 'off', 'pulse'] as const;
export const MODES = ['live', 'history'] as const;
