export { parseColumnMap } from './column-map';
export type { ColumnMap, MapSource } from './column-map';
export { openHistory } from './history';
export type { History, HistoryOptions, Page } from './history';
export type { Reading } from './page';
export { activitiesOf, placesOf } from './sheet';
export type { PastActivity, Sheet, TimedActivity } from './sheet';
export type { EventCount, HistorySurvey, StatedZones } from './survey';
