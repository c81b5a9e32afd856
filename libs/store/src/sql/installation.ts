import type { Statement } from '../statement';

export interface InstallationRow {
  readonly topic: string;
  readonly partitions: number;
  readonly cluster: string;
  readonly first: number;
  readonly last: number;
}

/** The first to come writes it; waits for another that is writing it. */
export const rememberInstallation: Statement<
  [topic: string, partitions: number, cluster: string, first: number, last: number]
> = {
  name: 'remember-installation',
  text: `
INSERT INTO installation (topic, partitions, cluster, first_partition, last_partition) VALUES ($1, $2, $3, $4, $5)
ON CONFLICT (only_row) DO NOTHING`,
};

export const readInstallation: Statement<[], InstallationRow> = {
  name: 'read-installation',
  text: 'SELECT topic, partitions, cluster, first_partition AS first, last_partition AS last FROM installation',
};
