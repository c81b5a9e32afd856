export { collectorEnvironment, type CollectorEnvironment } from './collector-environment';
export { ConfigurationError } from './configuration-error';
export { documentVariables } from './document-variables';
export { engineEnvironment, type DatabaseTls, type EngineEnvironment } from './engine-environment';
export { type KafkaSettings, type KafkaTls } from './kafka-environment';
export { environmentWith, readEnvironment, type Environment } from './read-environment';
export { toolEnvironment, type LogChoice, type ToolEnvironment } from './tool-environment';
export { IN_PROCESS, MAX_BODY_BYTES } from './variables';
