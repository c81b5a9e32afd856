export { openHistory } from './history';
export type { History, HistoryOptions } from './history';
export type { PastActivity } from './page';
