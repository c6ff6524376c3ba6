// The numeric suite that every engine must pass
export { checkNumericCase, difference, engineResults, referenceResults } from './check-numeric-case.js';
export { numericCases } from './cases/index.js';
export { flags, numbers, ties, vector, wholes, type NumericCase } from './numeric-case.js';
