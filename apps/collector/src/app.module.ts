import { type DynamicModule, Module } from '@nestjs/common';
import { type HealthRegistry, ObservabilityModule } from '@perennial/observability';
import type { Registry } from 'prom-client';
import type { Origins } from './http/answer-options';
import { V1Controller } from './http/v1.controller';
import type { Intake } from './intake';
import { INTAKE, ORIGINS } from './tokens';

@Module({})
export class AppModule {
  static with(parts: {
    readonly intake: Intake;
    readonly origins: Origins;
    readonly metrics: Registry;
    readonly health: HealthRegistry;
  }): DynamicModule {
    return {
      module: AppModule,
      imports: [ObservabilityModule.with(parts)],
      controllers: [V1Controller],
      providers: [
        { provide: INTAKE, useValue: parts.intake },
        { provide: ORIGINS, useValue: parts.origins },
      ],
    };
  }
}
