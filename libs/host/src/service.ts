/** What a service is made of, and what its host gives it. */
import type { AbstractHttpAdapter } from '@nestjs/core';
import type { INestApplication, ModuleMetadata, NestApplicationOptions } from '@nestjs/common';
import type { CustomTransportStrategy } from '@nestjs/microservices';
import type { Environment, KafkaSettings } from '@perennial/config';
import type { Health, LogLevel } from '@perennial/observability';
import type { Log, StreamObserver } from '@perennial/stream';
import type { Logger } from 'pino';
import type { Registry } from 'prom-client';
import type { z } from 'zod';
import type { Dependencies } from './dependencies';
import type { Startup } from './startup';

/** What whoever runs a service gives it. */
export interface ServiceOptions {
  /** The variables that the service reads its settings from. */
  readonly environment: Environment;
  /** The log, when it lives in this process; null: the brokers of the environment. */
  readonly log: Log | null;
  /** Gives the start up; of no meaning once it has ended. */
  readonly abort?: AbortSignal;
  /** Where log lines go; default: stderr. */
  readonly logTo?: { write(line: string): void };
}

/** A service that has started. */
export interface Running {
  /** Of its HTTP server. */
  readonly url: string;
  /** Ends it in order, once. */
  stop(): Promise<void>;
}

/** Settings that every service has. */
export interface ServiceSettings {
  readonly http: { readonly host: string; readonly port: number };
  readonly logLevel: LogLevel;
}

/** What makes a service this one. */
export interface ServiceDefinition<Settings extends ServiceSettings> {
  /** In log lines and metrics, and Kafka's client id. */
  readonly name: string;
  readonly environment: z.ZodType<Settings>;
  /** What the start waits for, in words: `broker and database`. */
  readonly needs: string;
  /** Makes the parts of the service; waits for nothing. */
  readonly open: (opening: Opening<Settings>) => ServiceParts;
}

/** What the host gives to {@link ServiceDefinition.open}. */
export interface Opening<Settings> {
  readonly settings: Settings;
  readonly logger: Logger;
  /** Metrics under `/metrics`, with the service's name as label. */
  readonly metrics: Registry;
  readonly dependencies: Dependencies;
  /** The log, given or connected, with prefixed topics; closed with the service. Throws `ConfigurationError`. */
  readonly openLog: (settings: LogSettings) => Log;
  /** Asks a server at once and every 5 s whether it answers, for `dependencies`: an idle service asks nothing else. */
  readonly watch: (name: string, ask: () => Promise<unknown>) => void;
  /** Called when the service stops, or its start fails: what was added last is called first, and waited for. */
  readonly onStop: (close: () => Promise<void> | void) => void;
}

/** Which log a service reads and writes. */
export interface LogSettings {
  /** Null: the environment says that the log lives in the service's process. */
  readonly kafka: KafkaSettings | null;
  /** Of the names of all topics. */
  readonly prefix: string;
  /** Offsets were stepped over; default: ignored. */
  readonly gap?: StreamObserver['gap'];
}

/** What a service has made for its host. */
export interface ServiceParts {
  /** Nest's modules, controllers and providers, beside those for metrics and health. */
  readonly module: ModuleMetadata;
  /** Checks of `/health/ready` by name, in the order of the answer. */
  readonly ready: Readonly<Record<string, () => Health>>;
  readonly http?: HttpSetup;
  /** Feed the controllers' `@EventPattern` handlers once `connect` has ended. Default: none. */
  readonly consumers?: readonly CustomTransportStrategy[];
  /** Waits for what the service needs, while health and metrics answer. */
  readonly connect: (startup: Startup) => Promise<void>;
}

/** What a service wants of its HTTP server beyond Nest's. */
export interface HttpSetup {
  /** Default: Nest's over Express. */
  readonly adapter?: AbstractHttpAdapter;
  /** Default: Nest's. */
  readonly options?: NestApplicationOptions;
  /** Called before the server listens. */
  readonly prepare?: (app: INestApplication) => void;
}
