export { declareCollectorMetrics, type CollectorMetrics } from './collector-metrics';
export { createMetrics } from './create-metrics';
export { declareEngineMetrics, type EngineMetrics } from './engine-metrics';
export { HEALTHY, HealthRegistry, type Health, type HealthReport, type Probe } from './health';
export { ObservabilityModule } from './http/observability.module';
export { createLogger, type LogLevel } from './logger';
export { meterEngine } from './meter-engine';
export { nestLogger } from './nest-logger';
