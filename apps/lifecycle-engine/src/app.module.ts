import { type DynamicModule, Module } from '@nestjs/common';
import type { Engine } from '@perennial/engine';
import { type HealthRegistry, ObservabilityModule } from '@perennial/observability';
import type { Registry } from 'prom-client';
import { ActivityConsumer } from './activity.consumer';
import { ENGINE } from './tokens';

@Module({})
export class AppModule {
  static with(parts: {
    readonly engine: Engine;
    readonly metrics: Registry;
    readonly health: HealthRegistry;
  }): DynamicModule {
    return {
      module: AppModule,
      imports: [ObservabilityModule.with(parts)],
      controllers: [ActivityConsumer],
      providers: [{ provide: ENGINE, useValue: parts.engine }],
    };
  }
}
