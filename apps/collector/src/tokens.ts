export const INTAKE = Symbol('Intake');
