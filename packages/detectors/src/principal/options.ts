import { z } from 'zod';

export const componentsOption = z
  .union([z.int().min(1), z.number().gt(0).lt(1), z.literal('auto')])
  .default(0.95)
  .describe(
    'How many components to keep: a whole number; a share of the variance between 0 and 1, which the fewest leading components exceed; or "auto", all that the training images support (variance above a millionth of the largest).',
  );

export const solverOption = z
  .enum(['auto', 'full', 'covariance', 'randomized'])
  .default('auto')
  .describe(
    'full: exact, from the smaller of the covariance and the Gram matrix. covariance: exact, from the covariance. randomized: subspace iteration from a random start, for a whole number of components; as full where 250 images or features at most make that faster. auto: covariance with at most 1000 features and ten times as many images, else full below 500 of both, else randomized for less than 80 % of the possible components.',
  );

export type Components = z.output<typeof componentsOption>;
export type SolverOption = z.output<typeof solverOption>;
type Solver = Exclude<SolverOption, 'auto'>;

/** The randomized solver knows the leading variances alone, so that neither a share nor a rank can be told from them. */
export const solverFits = ({ components, solver }: { components: Components; solver: SolverOption }): boolean =>
  solver !== 'randomized' || (typeof components === 'number' && components >= 1);

export const SOLVER_PROBLEM = {
  message: 'the solver "randomized" needs components as a whole number',
  path: ['solver'],
};

/** What `auto` stands for: the rule of scikit-learn 1.9. */
export function chooseSolver(solver: SolverOption, components: Components, rows: number, columns: number): Solver {
  if (solver !== 'auto') return solver;
  if (columns <= 1000 && rows >= 10 * columns) return 'covariance';
  if (Math.max(rows, columns) <= 500) return 'full';
  const few = typeof components === 'number' && components >= 1 && components < 0.8 * Math.min(rows, columns);
  return few ? 'randomized' : 'full';
}
