const STRINGS = 'Compiled graphs hold numbers and no strings.';
const COMPLEX = 'onnxruntime has no complex numbers; keep real and imaginary parts in two tensors.';
const DATA_DEPENDENT = 'The shape of its result depends on values, and shapes of a compiled graph are fixed.';
const VOLUMES = 'Images have two dimensions in space; convolutions and pools of volumes have no lowering.';
const MORPHOLOGY = 'ONNX has no morphological dilation.';
const HOST_RANDOM = 'It draws random numbers on the host, which would be the same in every run.';
const SCREEN = 'It reads from or draws on a screen, which Node has not.';
const NEVER_CALLED = 'No op of tfjs calls it.';
const SAMPLING = 'ONNX samples images with other rules at the edges; turn images before they are given to a program.';

/** Kernels of tfjs that have no lowering on purpose, with the reason. A test holds this list and the lowerings together. */
export const LEFT_OUT: Readonly<Record<string, string>> = {
  AvgPool3D: VOLUMES,
  AvgPool3DGrad: VOLUMES,
  BroadcastArgs: 'It computes a shape from values, and shapes of a compiled graph are fixed.',
  Complex: COMPLEX,
  ComplexAbs: COMPLEX,
  Conv3D: VOLUMES,
  Conv3DBackpropFilterV2: VOLUMES,
  Conv3DBackpropInputV2: VOLUMES,
  Dilation2D: MORPHOLOGY,
  Dilation2DBackpropFilter: MORPHOLOGY,
  Dilation2DBackpropInput: MORPHOLOGY,
  Draw: SCREEN,
  FFT: COMPLEX,
  FromPixels: SCREEN,
  IFFT: COMPLEX,
  Imag: COMPLEX,
  LowerBound: NEVER_CALLED,
  MatrixBandPart: NEVER_CALLED,
  MaxPool3D: VOLUMES,
  MaxPool3DGrad: VOLUMES,
  Multinomial: HOST_RANDOM,
  NonMaxSuppressionV3: DATA_DEPENDENT,
  NonMaxSuppressionV4: DATA_DEPENDENT,
  NonMaxSuppressionV5: DATA_DEPENDENT,
  Pool: NEVER_CALLED,
  RaggedGather: DATA_DEPENDENT,
  RaggedRange: DATA_DEPENDENT,
  RaggedTensorToTensor: DATA_DEPENDENT,
  Real: COMPLEX,
  RotateWithOffset: SAMPLING,
  SparseFillEmptyRows: DATA_DEPENDENT,
  SparseReshape: DATA_DEPENDENT,
  SparseSegmentMean: DATA_DEPENDENT,
  SparseSegmentSum: DATA_DEPENDENT,
  StaticRegexReplace: STRINGS,
  StringNGrams: STRINGS,
  StringSplit: STRINGS,
  StringToHashBucketFast: STRINGS,
  Transform: SAMPLING,
  Unique: DATA_DEPENDENT,
  UpperBound: NEVER_CALLED,
};
