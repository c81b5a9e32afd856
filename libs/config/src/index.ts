export { ConfigurationError } from './configuration-error';
export { documentVariables } from './document-variables';
export {
  engineEnvironment,
  type DatabaseTls,
  type EngineEnvironment,
  type KafkaSettings,
  type KafkaTls,
} from './engine-environment';
export { environmentWith, readEnvironment, type Environment } from './read-environment';
export { toolEnvironment, type LogChoice, type ToolEnvironment } from './tool-environment';
export { IN_PROCESS } from './variables';
