/** Topics of product.md §5, without the installation's prefix. */
export const TOPIC = {
  activity: 'perennial.activity.v1',
  deadLetter: 'perennial.activity.dead-letter.v1',
  stageChanged: 'lifecycle.customer.stage-changed.v1',
  signal: 'lifecycle.customer.signal.v1',
  state: 'lifecycle.customer.state.v1',
} as const;

/** A topic of ours, without prefix. */
export type TopicName = (typeof TOPIC)[keyof typeof TOPIC];
/** A topic that facts are published to. */
export type FactTopic = typeof TOPIC.stageChanged | typeof TOPIC.signal | typeof TOPIC.state;

/** The group in which engines share the partitions of the activity topic, without the installation's prefix. */
export const ENGINE_GROUP = 'perennial-lifecycle-engine';
