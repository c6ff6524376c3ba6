/**
 * Every error that Kindred raises on purpose: code to what must hold. docs/ERRORS.md lists the same set, and a test keeps
 * the two together. `exit` is the command line's exit code: 2 for wrong usage or manifest, 1 for a run that failed.
 */
export const ERRORS = {
  // the manifest and what it refers to
  KINDRED_MANIFEST_UNREADABLE: { summary: 'The manifest file must exist and be readable.', exit: 2 },
  KINDRED_MANIFEST_SYNTAX: { summary: 'A manifest must be JSON; comments and trailing commas are allowed.', exit: 2 },
  KINDRED_MANIFEST_VALUE: { summary: 'Every value in a manifest must fit its schema.', exit: 2 },
  KINDRED_MANIFEST_UNKNOWN_KEY: { summary: 'Every key in a manifest must be known.', exit: 2 },
  KINDRED_MANIFEST_UNKNOWN_COMPONENT: { summary: 'A component must be contributed by a loaded plugin.', exit: 2 },
  KINDRED_MANIFEST_COMPONENT_VERSION: { summary: 'A pinned component version must be available.', exit: 2 },
  KINDRED_MANIFEST_INVALID: { summary: 'A manifest must have no mistakes; all of them are reported at once.', exit: 2 },

  // plugins
  KINDRED_PLUGIN_NOT_FOUND: {
    summary: 'A plugin must be an installed package or a file beside the manifest.',
    exit: 2,
  },
  KINDRED_PLUGIN_API_VERSION: { summary: 'A plugin must be written for the API version of this Kindred.', exit: 2 },
  KINDRED_PLUGIN_INVALID: { summary: 'A plugin must export what definePlugin returns as its default.', exit: 2 },
  KINDRED_PLUGIN_FAILED: { summary: "A plugin's code must not throw.", exit: 1 },
  KINDRED_PLUGIN_DUPLICATE: { summary: 'Two components of one kind must not share a name and version.', exit: 2 },
  KINDRED_PLUGIN_RESULT: { summary: 'A component must return what its contract says.', exit: 1 },

  // data
  KINDRED_DATA_NOT_FOUND: { summary: 'The data a manifest names must exist.', exit: 1 },
  KINDRED_DATA_CSV: {
    summary: 'A CSV file must have a header, equal columns in each row and readable quotes.',
    exit: 1,
  },
  KINDRED_DATA_COLUMN: { summary: 'Every column a manifest names must be in the CSV file.', exit: 1 },
  KINDRED_DATA_LABEL: { summary: 'A label value must be readable and among the known labels.', exit: 1 },
  KINDRED_DATA_OUTSIDE: { summary: 'A value in the data must not lead out of the folder of the data.', exit: 1 },
  KINDRED_DATA_DUPLICATE_ID: { summary: 'Sample ids must be unique.', exit: 1 },
  KINDRED_DATA_EMPTY: { summary: 'A dataset must hold samples.', exit: 1 },
  KINDRED_DATA_TOO_FEW: { summary: 'Every part of a split must get the samples that it needs.', exit: 1 },
  KINDRED_DATA_ONE_LABEL: { summary: 'A classifier needs labels that differ between images.', exit: 1 },
  KINDRED_DATA_EXCLUSIVE: {
    summary: 'An image must carry exactly one of labels that exclude each other.',
    exit: 1,
  },
  KINDRED_DATA_NO_POSITIVES: {
    summary: 'Every label that is trained must have training images that carry it.',
    exit: 1,
  },
  KINDRED_DATA_PAIRS: { summary: 'Pairs and triplets need labels with several images, and several labels.', exit: 1 },
  KINDRED_DATA_ACROSS_PARTS: { summary: 'An image must not be in two parts of the data.', exit: 1 },
  KINDRED_DATA_NORMAL: { summary: 'One-class data must say which images are normal, and have some.', exit: 2 },

  // images
  KINDRED_IMAGE_UNREADABLE: { summary: 'An image file must exist and be readable.', exit: 1 },
  KINDRED_IMAGE_EMPTY: { summary: 'An image file must not be empty.', exit: 1 },
  KINDRED_IMAGE_CORRUPT: { summary: 'An image must decode without errors.', exit: 1 },
  KINDRED_IMAGE_TOO_LARGE: { summary: 'An image must not have more bytes or pixels than the limit.', exit: 1 },

  // feature store, cache, downloads
  KINDRED_STORE_UNAVAILABLE: { summary: 'The feature store must be a folder that can be opened and written.', exit: 1 },
  KINDRED_STORE_FULL: { summary: 'The feature store must have room for new features.', exit: 1 },
  KINDRED_CACHE_UNWRITABLE: { summary: 'The cache folder must be writable.', exit: 1 },
  KINDRED_WEIGHTS_DOWNLOAD: {
    summary: 'Pretrained weights must be fetched once, or given as a file or folder.',
    exit: 1,
  },
  KINDRED_WEIGHTS_INTEGRITY: { summary: 'Pretrained weights must match their published hash.', exit: 1 },
  KINDRED_WEIGHTS_INVALID: { summary: 'Weights must be complete and fit the model.', exit: 1 },
  KINDRED_BACKBONE_TAP: { summary: 'A tap must be the name of a layer of the backbone.', exit: 2 },
  KINDRED_BACKBONE_LAYERS: { summary: 'The layers of a backbone must fit its input and each other.', exit: 2 },

  // engines
  KINDRED_ENGINE_UNAVAILABLE: { summary: 'The chosen engine must load on this machine.', exit: 1 },
  KINDRED_ENGINE_INSTALL: {
    summary: 'What an engine is installed from must be complete and fit this machine.',
    exit: 1,
  },
  KINDRED_ENGINE_DEVICE: { summary: 'The device that an engine is told to use must work on this machine.', exit: 1 },
  KINDRED_ENGINE_KERNEL: { summary: 'Every tfjs kernel of a program must have a lowering.', exit: 1 },
  KINDRED_ENGINE_DATA_DEPENDENT: { summary: 'A program must not read the values of its tensors.', exit: 1 },
  KINDRED_ENGINE_VARIABLE: { summary: 'A program must assign to its own variables only.', exit: 1 },
  KINDRED_ENGINE_RANDOM: { summary: 'A program must not draw random numbers on the host.', exit: 1 },
  KINDRED_ENGINE_INPUT: {
    summary: 'Inputs of a program must have the names, types and shapes that it takes.',
    exit: 1,
  },
  KINDRED_ENGINE_COMPILE: { summary: 'A recorded program must be accepted by the native runtime.', exit: 1 },
  KINDRED_ENGINE_RUN: { summary: 'A compiled program must run without errors.', exit: 1 },
  KINDRED_ENGINE_MODEL: {
    summary: 'An ONNX file from elsewhere must be whole, of known operators, and run in a trial.',
    exit: 1,
  },
  KINDRED_ENGINE_WORKER: { summary: 'Worker threads must stay alive.', exit: 1 },
  KINDRED_ENGINE_PRECISION: { summary: 'An engine must be able to compute in the precision asked for.', exit: 2 },
  KINDRED_ENGINE_CALIBRATION: { summary: 'A calibration for 8 bits must fit its program and engine.', exit: 1 },
  KINDRED_PRECISION_DRIFT: { summary: 'Features in 8 bits must stay close to those in float32.', exit: 1 },

  // training and results
  KINDRED_BRANCH_TAP: { summary: 'What a branch reads of another must be there.', exit: 2 },
  KINDRED_CHECKPOINT_INVALID: { summary: 'A checkpoint must be whole, and of the same manifest and data.', exit: 2 },
  KINDRED_GALLERY_INVALID: { summary: 'A gallery must be whole and unaltered.', exit: 1 },
  KINDRED_TRAIN_NAN: { summary: 'The loss must stay a finite number.', exit: 1 },
  KINDRED_BUNDLE_NOT_FOUND: { summary: 'A bundle must be a folder that a training run wrote.', exit: 2 },
  KINDRED_BUNDLE_INVALID: { summary: 'A bundle must be whole, unaltered and of a known version.', exit: 1 },
  KINDRED_BUNDLE_EXISTS: { summary: 'A training run must not overwrite a folder that is not a bundle.', exit: 2 },
  KINDRED_BUNDLE_UNWRITABLE: { summary: 'The folder for the bundle must be writable.', exit: 1 },
  KINDRED_CALIBRATION_DATA: { summary: 'Thresholds and calibrators need held-out samples.', exit: 1 },
  KINDRED_FIT_TOO_FEW: { summary: 'A component must get as many training images as it needs.', exit: 1 },
  KINDRED_FIT_SINGULAR: { summary: 'A covariance that is inverted must have full rank, or be regularised.', exit: 1 },
  KINDRED_SEARCH_INVALID: {
    summary: 'A search must name options that its manifest has, and a criterion that its data allow.',
    exit: 2,
  },
  KINDRED_FEATURES_INVALID: { summary: 'Features must be finite numbers, one row for each image.', exit: 1 },
  KINDRED_SCORES_INVALID: {
    summary: 'Scores must be finite numbers, one for each image and label, beside targets of 0 and 1.',
    exit: 1,
  },

  // use
  KINDRED_USAGE: { summary: 'A command must be called as its help says.', exit: 2 },
  KINDRED_INTERNAL: { summary: 'Kindred must have no bugs.', exit: 1 },
  KINDRED_OUTPUT_UNWRITABLE: { summary: 'What results are written to must have room and be writable.', exit: 1 },
  KINDRED_ABORTED: { summary: 'The run was stopped by its user.', exit: 1 },
} as const satisfies Record<string, { summary: string; exit: 1 | 2 }>;

export type ErrorCode = keyof typeof ERRORS;
