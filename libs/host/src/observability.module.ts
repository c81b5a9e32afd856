import {
  Controller,
  Get,
  Header,
  Inject,
  Module,
  type DynamicModule,
  ServiceUnavailableException,
} from '@nestjs/common';
import { HealthRegistry, type HealthReport, type Probe } from '@perennial/observability';
import { Registry } from 'prom-client';

const METRICS = Symbol('Metrics');
const HEALTH = Symbol('Health');

/** What Prometheus scrapes. */
@Controller()
class MetricsController {
  constructor(@Inject(METRICS) private readonly registry: Registry) {}

  @Get('metrics')
  @Header('content-type', Registry.PROMETHEUS_CONTENT_TYPE)
  metrics(): Promise<string> {
    return this.registry.metrics();
  }
}

/** What an orchestrator asks: 200, or 503 with the reasons. */
@Controller('health')
class HealthController {
  constructor(@Inject(HEALTH) private readonly health: HealthRegistry) {}

  @Get('live')
  live(): HealthReport {
    return this.answer('live');
  }

  @Get('ready')
  ready(): HealthReport {
    return this.answer('ready');
  }

  private answer(probe: Probe): HealthReport {
    const report = this.health.report(probe);
    if (report.status === 'unavailable') throw new ServiceUnavailableException(report);
    return report;
  }
}

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
