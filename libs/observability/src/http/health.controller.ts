import { Controller, Get, Inject, ServiceUnavailableException } from '@nestjs/common';
import { HealthRegistry, type HealthReport, type Probe } from '../health';
import { HEALTH } from './tokens';

/** What an orchestrator asks: 200, or 503 with the reasons. */
@Controller('health')
export class HealthController {
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
