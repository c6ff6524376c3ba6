/** The sheet a poster is printed on, in pixels: the width of the movie-poster set; heights differ as they do there. */
export interface Sheet {
  readonly width: number;
  readonly height: number;
}

export const SHEET_WIDTH = 300;
/** Multiples of five, from the low to the high one. */
export const SHEET_HEIGHTS = { low: 420, high: 460 } as const;
