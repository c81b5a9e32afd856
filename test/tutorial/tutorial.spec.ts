import { walkPage } from './walk-page';

walkPage('docs/tutorial.md');
