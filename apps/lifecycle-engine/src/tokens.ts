export const ENGINE = Symbol('Engine');
