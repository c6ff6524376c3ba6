import type { Tridiagonal } from './tridiagonal.js';

/** Eigenvalues nearer to each other than this share of the largest have vectors that are made orthogonal to each other. */
const NEAR = 1e-6;
const ITERATIONS = 3;

/**
 * Unit eigenvectors `[values.length, n]` of a tridiagonal matrix for its eigenvalues `values`, descending, by inverse iteration
 * (Golub & Van Loan 2013, section 8.2.2), for each value O(n). Vectors of eigenvalues that are (nearly) equal are made
 * orthogonal one to another. Yields after each vector.
 */
export function* tridiagonalVectors(
  { n, diagonal, offDiagonal }: Pick<Tridiagonal, 'n' | 'diagonal' | 'offDiagonal'>,
  values: Float64Array,
): Generator<void, Float64Array> {
  const vectors = new Float64Array(values.length * n);
  const size = largest(diagonal) + 2 * largest(offDiagonal);
  const solver = createSolver(n, diagonal, offDiagonal, Math.max(size * Number.EPSILON, Number.MIN_VALUE * 2 ** 52));
  const noise = createNoise();
  let near = 0;
  for (let i = 0; i < values.length; i++) {
    while (values[near]! - values[i]! > NEAR * size) near++;
    const vector = vectors.subarray(i * n, i * n + n);
    for (let c = 0; c < n; c++) vector[c] = noise();
    solver.factor(values[i]!);
    for (let iteration = 0; iteration < ITERATIONS; iteration++) {
      solver.solve(vector, iteration > 0);
      normalize(vector);
      for (let other = near; other < i; other++) removeComponent(vector, vectors.subarray(other * n, other * n + n));
      normalize(vector);
    }
    yield;
  }
  return vectors;
}

interface Solver {
  factor(shift: number): void;
  /** Solves `(T - shift) x = b` in place; without `forward` as if b had been multiplied by the lower factor already. */
  solve(x: Float64Array, forward: boolean): void;
}

/** Gaussian elimination with row exchanges of a tridiagonal matrix less a shift; pivots below `tiny` are raised to it. */
function createSolver(n: number, diagonal: Float64Array, offDiagonal: Float64Array, tiny: number): Solver {
  const pivots = new Float64Array(n);
  const above = new Float64Array(n);
  const twoAbove = new Float64Array(n);
  const multipliers = new Float64Array(n);
  const exchanged = new Uint8Array(n);
  const raised = (pivot: number): number => (Math.abs(pivot) >= tiny ? pivot : pivot < 0 ? -tiny : tiny);

  return {
    factor(shift) {
      let pivot = diagonal[0]! - shift;
      let next = offDiagonal[0]!;
      for (let i = 0; i < n - 1; i++) {
        const below = offDiagonal[i]!;
        const nextDiagonal = diagonal[i + 1]! - shift;
        const nextAbove = i + 2 < n ? offDiagonal[i + 1]! : 0;
        if (Math.abs(below) > Math.abs(pivot)) {
          const multiplier = pivot / below;
          exchanged[i] = 1;
          multipliers[i] = multiplier;
          pivots[i] = raised(below);
          above[i] = nextDiagonal;
          twoAbove[i] = nextAbove;
          pivot = next - multiplier * nextDiagonal;
          next = -multiplier * nextAbove;
        } else {
          pivot = raised(pivot);
          const multiplier = below / pivot;
          exchanged[i] = 0;
          multipliers[i] = multiplier;
          pivots[i] = pivot;
          above[i] = next;
          twoAbove[i] = 0;
          pivot = nextDiagonal - multiplier * next;
          next = nextAbove;
        }
      }
      pivots[n - 1] = raised(pivot);
      above[n - 1] = 0;
      twoAbove[n - 1] = 0;
    },
    solve(x, forward) {
      for (let i = 0; forward && i < n - 1; i++) {
        if (exchanged[i]) {
          const upper = x[i + 1]!;
          x[i + 1] = x[i]! - multipliers[i]! * upper;
          x[i] = upper;
        } else {
          x[i + 1]! -= multipliers[i]! * x[i]!;
        }
      }
      let [one, two] = [0, 0];
      for (let i = n - 1; i >= 0; i--) {
        const value = (x[i]! - above[i]! * one - twoAbove[i]! * two) / pivots[i]!;
        x[i] = value;
        two = one;
        one = value;
      }
    },
  };
}

function removeComponent(vector: Float64Array, unit: Float64Array): void {
  let product = 0;
  for (let c = 0; c < vector.length; c++) product += vector[c]! * unit[c]!;
  for (let c = 0; c < vector.length; c++) vector[c]! -= product * unit[c]!;
}

/** Scales to length 1, by the largest element first: solutions may be near the ends of float64. */
function normalize(vector: Float64Array): void {
  const scale = largest(vector);
  let squares = 0;
  for (let c = 0; c < vector.length; c++) {
    vector[c]! /= scale;
    squares += vector[c]! * vector[c]!;
  }
  const length = Math.sqrt(squares);
  for (let c = 0; c < vector.length; c++) vector[c]! /= length;
}

function largest(values: Float64Array): number {
  let most = 0;
  for (let c = 0; c < values.length; c++) most = Math.max(most, Math.abs(values[c]!));
  return most;
}

/** Numbers in [-1, 1) that look random and are the same each time: any start that is not orthogonal to the vector will do. */
function createNoise(): () => number {
  let state = 1;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) | 0;
    return state / 2 ** 31;
  };
}
