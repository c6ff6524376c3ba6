/** An estimator of scikit-learn, by the name that tools/bench/detectors.py knows it under. */
export interface Peer {
  readonly estimator: string;
  readonly parameters: Readonly<Record<string, unknown>>;
}

/** One component with its options, and the same method with the same settings on the other side. */
export interface Contest {
  readonly name: string;
  readonly kind: 'detector' | 'transform';
  /** The component's name in a manifest. */
  readonly use: string;
  readonly options: Readonly<Record<string, unknown>>;
  /** The fastest counts. */
  readonly peers: readonly Peer[];
  /**
   * Below it the sides do not compute the same: the least rank correlation of scores, for transforms the least mean correlation of the
   * first columns.
   */
  readonly agreement: number;
}

/** What both sides leave outside, so that both score their training images to find a boundary. */
const CONTAMINATION = 0.05;
const bounded = { contamination: CONTAMINATION };

/** Up to so many images covariance matrices of several components are fitted in seconds. */
const MANY_ROWS = 5000;

/** All contests for `rows` images; settings are equal on both sides. */
export function contestsFor(rows: number): readonly Contest[] {
  const covariances = rows > MANY_ROWS ? 2 : 4;
  return [
    transform('standard-scaler', {}, [{ estimator: 'StandardScaler', parameters: {} }]),
    transform('pca', { components: 128, whiten: true }, solvers('PCA', { n_components: 128, whiten: true })),
    oneClassSvm(0.05),
    oneClassSvm(0.1),
    {
      name: 'isolation-forest, 100 trees',
      ...detector('isolation-forest', { trees: 100, ...bounded }),
      // Threads pay for some sizes and cost for others.
      peers: [null, 2].map((jobs) => ({
        estimator: 'IsolationForest',
        parameters: { n_estimators: 100, n_jobs: jobs, ...bounded },
      })),
      // Two forests of 100 trees from different seeds.
      agreement: 0.8,
    },
    mixture('spherical', 'spherical', 18),
    mixture('diagonal', 'diag', 18),
    mixture('tied', 'tied', covariances),
    mixture('full', 'full', covariances),
    {
      name: 'nearest-neighbours, 5',
      ...detector('nearest-neighbours', { neighbours: 5, ...bounded }),
      peers: [{ estimator: 'NearestNeighbors', parameters: { n_neighbors: 5, ...bounded } }],
      agreement: 0.999,
    },
    {
      name: 'local-outlier-factor, 20',
      ...detector('local-outlier-factor', { neighbours: 20, ...bounded }),
      peers: [{ estimator: 'LocalOutlierFactor', parameters: { n_neighbors: 20, ...bounded } }],
      agreement: 0.999,
    },
    {
      name: 'mahalanobis, Ledoit-Wolf',
      ...detector('mahalanobis', { covariance: 'ledoit-wolf', ...bounded }),
      peers: [false, true].map((products) => ({ estimator: 'LedoitWolf', parameters: { products, ...bounded } })),
      agreement: 0.999,
    },
    {
      name: 'pca-residual, 64',
      ...detector('pca-residual', { components: 64, ...bounded }),
      peers: solvers('PCAResidual', { n_components: 64, ...bounded }),
      // scikit-learn's randomized solver finds the last components only nearly.
      agreement: 0.98,
    },
  ];
}

/** The contests whose component's name is among `only`, or all. @throws TypeError for a name that none has */
export function chosen(contests: readonly Contest[], only: readonly string[] | undefined): readonly Contest[] {
  if (!only) return contests;
  const unknown = only.find((name) => !contests.some(({ use }) => use === name));
  if (unknown !== undefined) {
    const known = [...new Set(contests.map(({ use }) => use))].join(', ');
    throw new TypeError(`--only must name components of this bench: ${known}. Got ${unknown}.`);
  }
  return contests.filter(({ use }) => only.includes(use));
}

const detector = (use: string, options: Contest['options']) => ({ kind: 'detector' as const, use, options });

function transform(use: string, options: Contest['options'], peers: readonly Peer[]): Contest {
  const settings = Object.values(options).filter((value) => typeof value === 'number');
  return { name: [use, ...settings].join(', '), kind: 'transform', use, options, peers, agreement: 0.99 };
}

/** What scikit-learn chooses by itself, and what suits more rows than columns. */
const solvers = (estimator: string, parameters: Peer['parameters']): Peer[] =>
  ['auto', 'covariance_eigh'].map((solver) => ({ estimator, parameters: { svd_solver: solver, ...parameters } }));

function oneClassSvm(nu: number): Contest {
  return {
    name: `one-class-svm, nu ${nu}`,
    ...detector('one-class-svm', { kernel: 'rbf', gamma: 'scale', nu }),
    // A cache that holds the kernel matrix of a few thousand images; the default of 200 MB is slower there.
    peers: [{ estimator: 'OneClassSVM', parameters: { kernel: 'rbf', gamma: 'scale', nu, cache_size: 2000 } }],
    agreement: 0.999,
  };
}

function mixture(covariance: string, covarianceType: string, components: number): Contest {
  // A component of fewer images than columns has a singular matrix.
  const regularization = covariance === 'full' ? 0.1 : 1e-6;
  return {
    name: `gaussian-mixture, ${components} ${covariance}`,
    ...detector('gaussian-mixture', { components, covariance, regularization, ...bounded }),
    // Single precision is faster a step, and may take more of them.
    peers: ['float32', 'float64'].map((dtype) => ({
      estimator: 'GaussianMixture',
      parameters: {
        dtype,
        n_components: components,
        covariance_type: covarianceType,
        reg_covar: regularization,
        ...bounded,
      },
    })),
    // Starts are drawn on each side: they may end in different optima.
    agreement: 0.8,
  };
}
