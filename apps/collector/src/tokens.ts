export const INTAKE = Symbol('Intake');
export const ORIGINS = Symbol('Origins');
