export { compile, compileBytes } from './compile';
export { ROLES } from './compiled';
export type {
  AmountFlaw,
  Catalogued,
  Compiled,
  CompiledDefinition,
  Field,
  FieldValue,
  MachineConfig,
  Predicate,
  Problem,
  Region,
  Role,
  Sign,
  Signal,
  StateConfig,
  TransitionConfig,
  Views,
} from './compiled';
export { definitionSchemaText } from './json-schema';
export { LIMITS } from './limits';
export { describeProblem, PROBLEM_CODES } from './problems';
export type { ProblemCode } from './problems';
export { toStately } from './stately';
export type { StatelyMachine } from './stately';
