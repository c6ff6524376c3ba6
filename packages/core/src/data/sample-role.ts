/** Datasets beside the main one, by what their images are for: a part of the split, images that do not belong, or labelled images of other things. */
export const OTHER_DATA = ['validation', 'test', 'negatives', 'reference'] as const;
export type OtherData = (typeof OTHER_DATA)[number];

/** Which dataset a sample is from. */
export type SampleRole = 'main' | OtherData;
