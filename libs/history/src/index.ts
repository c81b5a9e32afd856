export { openHistory } from './history';
export type { History, HistoryOptions, Page } from './history';
export type { Reading } from './page';
export { activitiesOf, placesOf } from './sheet';
export type { PastActivity, Sheet } from './sheet';
