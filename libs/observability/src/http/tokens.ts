export const METRICS = Symbol('Metrics');
export const HEALTH = Symbol('Health');
