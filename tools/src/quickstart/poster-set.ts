/** A set that the quickstart trains on, and three posters that it does not. */
export interface PosterSet {
  /** Absolute path of the CSV file. */
  readonly csv: string;
  /** Where its images are: a template for the manifest's `image`. */
  readonly image: string;
  readonly count: number;
  readonly unseen: readonly UnseenPoster[];
}

export interface UnseenPoster {
  /** Absolute path. */
  readonly file: string;
  readonly genres: readonly string[];
}

export const UNSEEN = 3;
export const SEED = 42;
