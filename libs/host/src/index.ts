export { Dependencies } from './dependencies';
export { host } from './host';
export type {
  HttpSetup,
  LogSettings,
  Opening,
  Running,
  ServiceDefinition,
  ServiceOptions,
  ServiceParts,
  ServiceSettings,
} from './service';
export type { Startup } from './startup';
