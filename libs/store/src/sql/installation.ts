import type { Statement } from '../statement';

export interface InstallationRow {
  readonly topic: string;
  readonly partitions: number;
  readonly cluster: string;
}

/** The first to come writes it; waits for another that is writing it. */
export const rememberInstallation: Statement<[topic: string, partitions: number, cluster: string]> = {
  name: 'remember-installation',
  text: 'INSERT INTO installation (topic, partitions, cluster) VALUES ($1, $2, $3) ON CONFLICT (only_row) DO NOTHING',
};

export const readInstallation: Statement<[], InstallationRow> = {
  name: 'read-installation',
  text: 'SELECT topic, partitions, cluster FROM installation',
};
