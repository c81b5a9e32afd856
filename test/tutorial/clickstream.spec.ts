import { walkPage } from './walk-page';

walkPage('docs/tutorial/clickstream.md');
