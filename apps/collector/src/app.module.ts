import { type DynamicModule, Module } from '@nestjs/common';
import { type HealthRegistry, ObservabilityModule } from '@perennial/observability';
import type { Registry } from 'prom-client';
import { V1Controller } from './http/v1.controller';
import type { Intake } from './intake';
import { INTAKE } from './tokens';

@Module({})
export class AppModule {
  static with(parts: {
    readonly intake: Intake;
    readonly metrics: Registry;
    readonly health: HealthRegistry;
  }): DynamicModule {
    return {
      module: AppModule,
      imports: [ObservabilityModule.with(parts)],
      controllers: [V1Controller],
      providers: [{ provide: INTAKE, useValue: parts.intake }],
    };
  }
}
