/** The `down` of every migration: they only go forward. */
export function forwardOnly(): Promise<never> {
  return Promise.reject(new Error('Migrations go forward only: restore a backup instead.'));
}
