/**
 * The cold tables of one database, as entities of TypeORM (docs/adr/0025): what operators and tools read and write now and then.
 * What the engine and the collector do all the time is named SQL on `Database`.
 *
 * 1. The connection of work that failed is closed and not used again: it may hold an open transaction, or an answer still to come.
 * 2. No call hangs: the time-outs of queries, connecting and idle transactions are those of `Database`.
 * 3. What is acknowledged is on disk: `synchronous_commit` is on, whatever the server's default.
 * 4. Nothing is opened before the first use; an opening that failed is tried again by the next use.
 */
import { ConcurrencyConflict, InvalidInput, InvariantViolation, RetryableError } from '@perennial/values';
import type { Client, PoolConfig } from 'pg';
import {
  DataSource,
  type EntityManager,
  type EntitySchema,
  type ObjectLiteral,
  type QueryRunner,
  type Repository,
} from 'typeorm';
import { entities } from '../schema/entities';
import { translate } from './database-error';

/** Throws `RetryableError`, `ConcurrencyConflict`, `InvalidInput` or `InvariantViolation`, and nothing else. */
export interface ColdTables {
  /** Each call of the repository is a transaction of its own. */
  table<Row extends ObjectLiteral, T>(
    entity: EntitySchema<Row>,
    work: (rows: Repository<Row>) => Promise<T>,
  ): Promise<T>;
  /** All or nothing, READ COMMITTED; its locks are held over several round trips. */
  transaction<T>(work: (manager: EntityManager) => Promise<T>): Promise<T>;
  /** Waits for running work. */
  close(): Promise<void>;
}

export interface ColdOptions {
  /** Connection, time-outs and types, as the pool of the hot statements has them. */
  readonly pool: PoolConfig;
  /** SQL that sets the limits of a session. */
  readonly limits: string;
  /** Names the database in errors, without secrets. */
  readonly where: string;
}

/** Tools seldom do two things at a time. */
const CONNECTIONS = 2;

export function openColdTables(options: ColdOptions): ColdTables {
  const { where } = options;
  let opening: Promise<DataSource> | null = null;
  const open = (): Promise<DataSource> =>
    (opening ??= dataSource(options)
      .initialize()
      .catch((error: unknown) => {
        opening = null;
        throw error;
      }));

  const run = async <T>(work: (manager: EntityManager) => Promise<T>): Promise<T> => {
    try {
      return await onOneConnection((await open()).createQueryRunner(), work);
    } catch (error) {
      throw isTranslated(error) ? error : translate(error, where);
    }
  };

  return {
    table: (entity, work) => run((manager) => work(manager.getRepository(entity))),
    transaction: (work) => run((manager) => manager.transaction('READ COMMITTED', work)),
    close: async () => {
      const opened = await opening?.catch(() => null);
      await opened?.destroy();
    },
  };
}

function dataSource({ pool, limits }: ColdOptions): DataSource {
  const session = `${limits}; SET synchronous_commit TO on`;
  return new DataSource({
    type: 'postgres',
    entities,
    extra: {
      ...pool,
      max: CONNECTIONS,
      onConnect: (client: Client) => client.query(session),
    },
    poolErrorHandler: () => undefined, // The pool drops an idle client that is lost; work under way fails by itself.
    installExtensions: false,
    synchronize: false,
    logging: false,
  });
}

async function onOneConnection<T>(runner: QueryRunner, work: (manager: EntityManager) => Promise<T>): Promise<T> {
  try {
    return await work(runner.manager);
  } catch (error) {
    await closeConnection(runner);
    throw error;
  } finally {
    await runner.release();
  }
}

/** The pool drops a client that is ending, once it is released. */
async function closeConnection(runner: QueryRunner): Promise<void> {
  const client = (await runner.connect().catch(() => null)) as Client | null;
  client?.end().catch(() => undefined);
}

const REACTIONS = [RetryableError, ConcurrencyConflict, InvalidInput, InvariantViolation];
const isTranslated = (error: unknown): boolean => REACTIONS.some((reaction) => error instanceof reaction);
