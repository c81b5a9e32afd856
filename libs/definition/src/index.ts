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
  SumUnit,
  TransitionConfig,
  View,
  Views,
} from './compiled';
export { definitionSchemaText } from './definition-shape';
export { LIMITS } from './limits';
export { describeProblem, PROBLEM_CODES, type ProblemCode } from './problems';
export { type StatelyMachine, toStately } from './statechart/machine';
export { labelOf } from './views';

// Other files that people write in YAML are read by the same shapes: the same positions, bounds, messages and spelling help.
export { inFamily, Problems } from './problems';
export { either, mapped } from './shape/choices';
export { list, object, optional, record, required, spelt } from './shape/collections';
export type { Entry, ObjectOf, Property } from './shape/collections';
export { boolean, duration, freeText, isText, oneOf, positive } from './shape/scalars';
export { quote, wrongType } from './shape/shape';
export type { Shape } from './shape/shape';
export { locateIn, readSourceText } from './source-text';
export { didYouMean } from './spelling';
export { readTree } from './yaml-tree';
export type { Located, Tree, TreeList, TreeMap, TreeScalar } from './yaml-tree';
