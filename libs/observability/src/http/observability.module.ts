import { Module, type DynamicModule } from '@nestjs/common';
import type { Registry } from 'prom-client';
import type { HealthRegistry } from '../health';
import { HealthController } from './health.controller';
import { MetricsController } from './metrics.controller';
import { HEALTH, METRICS } from './tokens';

/** `/metrics`, `/health/live` and `/health/ready` of a service. */
@Module({})
export class ObservabilityModule {
  static with(parts: { readonly metrics: Registry; readonly health: HealthRegistry }): DynamicModule {
    return {
      module: ObservabilityModule,
      controllers: [MetricsController, HealthController],
      providers: [
        { provide: METRICS, useValue: parts.metrics },
        { provide: HEALTH, useValue: parts.health },
      ],
    };
  }
}
