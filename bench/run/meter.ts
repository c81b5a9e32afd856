/** What everything around an engine uses while it runs. */
import type { Servers } from './servers';
import { busySeconds, cpuSecondsOfGroup } from './usage';

export interface Around {
  /** Processor time of the servers, where the bench has started them; else NaN. */
  readonly brokerCpuSeconds: number;
  readonly databaseCpuSeconds: number;
  /** Processors that were busy with something else than engine, servers and bench: more than a little spoils the figures. */
  readonly busyElsewhere: number;
}

interface Reading {
  readonly at: number;
  readonly broker: number;
  readonly database: number;
  readonly bench: number;
  readonly all: number;
}

export class Meter {
  private readonly begin: Reading;

  constructor(private readonly servers: Servers) {
    this.begin = this.read();
  }

  /** Since the meter was made; the engine's own time is known to the caller. */
  since(engineCpuSeconds: number): Around {
    const { begin } = this;
    const now = this.read();
    const brokerCpuSeconds = now.broker - begin.broker;
    const databaseCpuSeconds = now.database - begin.database;
    const known = brokerCpuSeconds + databaseCpuSeconds + (now.bench - begin.bench) + engineCpuSeconds;
    const elsewhere = (now.all - begin.all - known) / ((now.at - begin.at) / 1000);
    return { brokerCpuSeconds, databaseCpuSeconds, busyElsewhere: Math.max(0, elsewhere) };
  }

  private read(): Reading {
    const { kafka, postgres } = this.servers.pids;
    const { user, system } = process.cpuUsage();
    return {
      at: performance.now(),
      broker: timeOf(kafka),
      database: timeOf(postgres),
      bench: (user + system) / 1e6,
      all: busySeconds() ?? Number.NaN,
    };
  }
}

const timeOf = (pid: number | undefined): number =>
  pid === undefined ? Number.NaN : (cpuSecondsOfGroup(pid) ?? Number.NaN);
