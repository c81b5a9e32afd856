export { declareCollectorMetrics, type CollectorMetrics } from './collector-metrics';
export { declareEngineMetrics, type EngineMetrics } from './engine-metrics';
export { HEALTHY, HealthRegistry, type Health, type HealthReport, type Probe } from './health';
export { createLogger, type LogLevel } from './logger';
export { meterEngine } from './meter-engine';
export { createMetrics } from './metrics';
